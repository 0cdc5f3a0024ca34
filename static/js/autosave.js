// Keeps what is typed on a scorecard: on this device at once, on the server within two seconds of a pause.
// docs/adr/0004-autosave.md says why it is so. What the person sees and answers (dialogs) is in scorecard.js; the two
// speak through events on the form: card:changed, card:clash, card:signed-out, card:other-user, card:closed.
(() => {
  const form = document.getElementById("scorecard");
  if (!form || form.dataset.typed || !globalThis.crypto?.subtle || !globalThis.indexedDB || !navigator.locks) return;

  const PAUSE = 1000;
  const LONGEST = 8000;
  const TIMEOUT = 20000;
  const user = Number(form.dataset.user);
  const card = Number(form.dataset.card);
  const tab = crypto.randomUUID();
  const slot = document.getElementById("save-slot");
  const live = document.getElementById("save-live");

  let token = form.elements.csrfmiddlewaretoken.value;
  let version = Number(form.elements.version.value);
  let sequence = 0;
  let base = read(true);
  let sent = []; // texts sent and not acknowledged: where the server answers with one of these, it is our own
  let inFlight = null;
  let blocked = ""; // why nothing is sent until a person has answered
  let failures = 0;
  let wasOffline = false;
  let pauseTimer, longestTimer, retryTimer;

  // What is typed, as the server names and canonicalises it (candidates/sheet.py, fingerprint)

  function read(asServed = false) {
    const fields = {};
    for (const control of form.elements) {
      const { name } = control;
      if (!name || name === "csrfmiddlewaretoken" || name === "version" || control.type === "submit") continue;
      fields[name] ??= "";
      if (control.type === "radio") {
        if (asServed ? control.defaultChecked : control.checked) fields[name] = control.value;
      } else if (control.tagName === "SELECT") {
        const served = [...control.options].find((option) => option.defaultSelected) ?? control.options[0];
        fields[name] = asServed ? served.value : control.value;
      } else {
        fields[name] = clean(asServed ? control.defaultValue : control.value);
      }
    }
    for (const name of Object.keys(fields)) {
      if (name.startsWith("reason.") && fields[`rating.${name.slice(7)}`] !== "no") fields[name] = "";
    }
    return fields;
  }

  function clean(text) {
    const plain = text.replaceAll("\r\n", "\n").replaceAll("\0", "");
    return plain.toWellFormed ? plain.toWellFormed() : plain;
  }

  function write(fields) {
    for (const [name, value] of Object.entries(fields)) {
      const control = form.elements[name];
      if (control instanceof RadioNodeList) {
        for (const radio of control) radio.checked = radio.value === value;
      } else if (control.tagName === "SELECT") {
        if (value) control.value = value;
      } else if (control.value !== value) {
        control.value = value;
      }
    }
    form.dispatchEvent(new Event("card:changed"));
  }

  const changed = (fields, since = base) => Object.keys(fields).filter((name) => fields[name] !== since[name]);

  async function fingerprint(fields) {
    const canonical = JSON.stringify(Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))));
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical));
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // This device: one record for each tab of a card, keyed by the person, gone once the server has it

  const opened = new Promise((resolve, reject) => {
    const request = indexedDB.open("smarter-scorecards", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("unsent", { keyPath: ["user", "card", "tab"] });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  async function store(mode, act) {
    const transaction = (await opened).transaction("unsent", mode);
    const request = act(transaction.objectStore("unsent"));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  function keep() {
    const record = { user, card, tab, version, base, sent, fields: read(), at: Date.now() };
    return store("readwrite", (records) => records.put(record)).catch(() => {});
  }

  // With our own record goes what we took up from closed tabs, once more: a tab that closes may write to the last.
  const takenUp = [];

  async function forget(names = [tab, ...takenUp]) {
    for (const name of names) {
      await store("readwrite", (records) => records.delete([user, card, name])).catch(() => {});
    }
  }

  async function kept() {
    const records = await store("readonly", (all) => all.getAll(IDBKeyRange.bound([user, card], [user, card, []])));
    return records.sort((a, b) => a.at - b.at);
  }

  // Two texts of a card: what only one side changed is taken over, what both changed is for the person to settle

  function merge(mine, theirs, known) {
    const merged = {};
    const clashes = [];
    for (const name of Object.keys(theirs)) {
      const own = mine[name] ?? "";
      if (own === theirs[name] || known.some((fields) => fields[name] === theirs[name])) merged[name] = own;
      else if (own === known[0][name]) merged[name] = theirs[name];
      else {
        merged[name] = own;
        clashes.push({ name, theirs: theirs[name] });
      }
    }
    return { merged, clashes };
  }

  // `served` is what the server has now. Until the person has answered, the record keeps the base that the text was
  // typed on, so that a tab closed in between asks again instead of overwriting.
  function meet(mine, theirs, known, served = theirs) {
    const { merged, clashes } = merge(mine, theirs, known);
    write(merged);
    const settle = (choices = {}) => {
      if (base !== served) sent = [];
      base = served;
      blocked = "";
      write(choices);
    };
    if (!clashes.length) {
      settle();
      return true;
    }
    [base, ...sent] = known;
    blocked = "conflict";
    say("conflict");
    const answer = (choices) => {
      settle(choices);
      touch();
      flush();
    };
    form.dispatchEvent(new CustomEvent("card:clash", { detail: { clashes, settle: answer } }));
    return false;
  }

  // What became of it, in words

  let quietUntil = 0;

  function say(state, detail = "") {
    const line = document.getElementById(`save-${state}`).content.cloneNode(true);
    const place = line.querySelector("[data-detail]");
    if (place) place.textContent = detail;
    slot.replaceChildren(line);
    const routine = state === "saving" || state === "saved";
    if (state === "saving" || (routine && Date.now() < quietUntil)) return;
    quietUntil = Date.now() + 10000;
    live.textContent = slot.textContent.trim();
  }

  const clock = () => new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

  function count(fields) {
    const number = changed(fields).length;
    return `${number} change${number === 1 ? "" : "s"}`;
  }

  // Sending: one at a time, and nothing but the exact acknowledgement counts

  function touch() {
    keep();
    if (blocked) return;
    clearTimeout(pauseTimer);
    pauseTimer = setTimeout(flush, PAUSE);
    longestTimer ??= setTimeout(flush, LONGEST);
  }

  async function flush() {
    clearTimeout(pauseTimer);
    clearTimeout(longestTimer);
    clearTimeout(retryTimer);
    longestTimer = undefined;
    if (inFlight) await inFlight;
    if (blocked) return false;
    if (!changed(read()).length) {
      await forget();
      return true;
    }
    inFlight ??= send(read()).finally(() => { inFlight = null; });
    const saved = await inFlight;
    return saved && (changed(read()).length ? flush() : true);
  }

  async function post(fields) {
    const names = changed(fields);
    const body = { card, version, sequence: ++sequence, user, fields: Object.fromEntries(names.map((n) => [n, fields[n]])) };
    const text = JSON.stringify(body);
    return fetch(form.dataset.autosave, {
      method: "POST",
      body: text,
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      credentials: "same-origin",
      redirect: "error",
      keepalive: document.visibilityState === "hidden" && text.length < 60000,
      signal: AbortSignal.timeout(TIMEOUT),
    });
  }

  async function send(fields) {
    if (!wasOffline && !failures) say("saving");
    sent = [...sent.slice(-4), fields];
    await keep();
    try {
      let response = await post(fields);
      if (response.status === 403) {
        if (!isStillHere(await renew())) return false;
        response = await post(fields);
      }
      const answer = await response.json().catch(() => ({}));
      return await judge(response, answer, fields);
    } catch {
      wasOffline = true;
      say("offline", count(read()));
      later(3000);
      return false;
    }
  }

  async function judge(response, answer, fields) {
    if (response.status === 200) {
      const exact = answer.version === version + 1 && answer.sequence === sequence;
      if (exact && answer.sha256 === (await fingerprint(fields))) return acknowledged(answer.version, fields);
    }
    if (response.status === 401) return isStillHere(null);
    if (response.status === 409) return refused(answer);
    if (response.status === 400 && answer.errors) {
      say("refused", Object.values(answer.errors).flat()[0]);
      return false;
    }
    if (response.status === 404) return stop("closed", "card:closed");
    say("busy");
    later(Number(response.headers.get("Retry-After")) * 1000 || 2000);
    return false;
  }

  async function acknowledged(number, fields) {
    version = number;
    form.elements.version.value = number;
    base = fields;
    sent = [];
    failures = 0;
    if (changed(read()).length) await keep();
    else await forget();
    say(wasOffline ? "back" : "saved", clock());
    wasOffline = false;
    return true;
  }

  function refused(answer) {
    if (answer.error === "user") return stop("other", "card:other-user");
    if (answer.error === "closed") return stop("closed", "card:closed");
    if (!answer.fields) return false;
    version = answer.version;
    form.elements.version.value = answer.version;
    if (meet(read(), answer.fields, [base, ...sent])) touch();
    return false;
  }

  function isStillHere(who) {
    if (who === user) return true;
    return who === null ? stop("signed-out", "card:signed-out") : stop("other", "card:other-user");
  }

  function stop(state, event) {
    blocked = state;
    say(state);
    form.dispatchEvent(new Event(event));
    return false;
  }

  function later(wait) {
    failures += 1;
    clearTimeout(retryTimer);
    retryTimer = setTimeout(flush, Math.min(30000, wait * 1.5 ** Math.min(failures - 1, 6)));
  }

  // A fresh token, and who is signed in now; nobody is null
  async function renew() {
    const response = await fetch(form.dataset.autosave, {
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (response.status !== 200 && response.status !== 401) throw new Error(`No token: ${response.status}`);
    const answer = await response.json();
    token = answer.token;
    return answer.user;
  }

  // What scorecard.js and the reader's return may ask for

  form.scorecard = {
    flush,
    get token() { return token; },
    get unsent() { return changed(read()).length > 0; },
    renew,
    async resume() {
      if (!isStillHere(await renew())) return false;
      blocked = "";
      failures = 0;
      flush();
      return true;
    },
  };

  form.addEventListener("input", touch);
  form.addEventListener("change", touch);
  addEventListener("online", () => flush());
  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState === "hidden") flush();
    else if (!blocked) isStillHere(await renew().catch(() => user));
    else if (blocked === "signed-out" && (await renew().catch(() => null)) === user) form.scorecard.resume();
  });

  // What another tab of this card has left: taken up as soon as that tab is gone and its lock is free
  async function takeUp(name) {
    const record = (await kept()).find((one) => one.tab === name);
    if (!record || blocked) return;
    const isSettled = meet(record.fields, read(), [record.base, ...record.sent], base);
    const isNew = changed(read()).length > 0; // else its last save had arrived and only the answer was lost
    if (isNew || !isSettled) await keep();
    await forget([name]);
    takenUp.push(name);
    if (isSettled && isNew) touch();
  }

  async function begin() {
    navigator.locks.request(`scorecard-${tab}`, () => new Promise(() => {}));
    for (const record of await kept().catch(() => [])) {
      navigator.locks.request(`scorecard-${record.tab}`, () => takeUp(record.tab));
    }
    if (changed(read()).length) touch();
    form.dataset.autosaving = "yes";
    form.dispatchEvent(new Event("card:changed"));
  }

  begin();
})();
