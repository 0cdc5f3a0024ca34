// Keeps what is typed in <form data-autosave>: on this device at once, on the server within two seconds of a pause.
// docs/adr/0004-autosave.md says why it is so. A page's own script (scorecard.js, rubric-editor.js) gives fields their
// names through `form.autosave` and listens to the form's events: autosave:changed, autosave:saved, autosave:lost.
(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form || form.dataset.typed || !globalThis.crypto?.subtle || !globalThis.indexedDB || !navigator.locks) return;

  const PAUSE = 1000;
  const LONGEST = 8000;
  const TIMEOUT = 20000;
  const OWN = ["csrfmiddlewaretoken", "version", "base"]; // of the form, not typed by anybody

  // `data-clean` says how the server cleans a text (rubrics/editor.py); its spaces are those of Python's strip()
  const ENDS = /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g;
  const WAYS = {
    text: (text) => text.replace(ENDS, ""),
    upper: (text) => text.replace(ENDS, "").toUpperCase(),
    lines: (text) => text.split("\n").map((line) => line.replace(ENDS, "")).filter(Boolean).join("\n"),
  };

  const user = Number(form.dataset.user);
  const card = Number(form.dataset.card);
  const place = form.dataset.keep ?? card; // what a record on this device is kept for: a card, or one part of a draft
  const tab = crypto.randomUUID();
  const $ = (id) => document.getElementById(id);
  const clone = (id) => $(id).content.cloneNode(true);
  const slot = $("save-slot");
  const live = $("save-live");

  let token = form.elements.csrfmiddlewaretoken.value;
  let version = Number(form.elements.version.value);
  let sequence = 0;
  let base = read(true);
  let sent = []; // texts sent and not acknowledged: where the server answers with one of these, it is our own
  let inFlight = null;
  let blocked = ""; // why nothing is sent until a person has answered
  let refusals = {}; // what the server would not take as it stands, by field: the rest is saved without it
  let orphans = {}; // text of fields that are gone from the page, and what it was typed on: kept until settled
  let orphansBase = {};
  let failures = 0;
  let wasOffline = false;
  let pauseTimer, longestTimer, retryTimer;

  // What is typed, as the server names and canonicalises it (smarter/autosave.py, fingerprint)

  function read(asServed = false) {
    const fields = {};
    for (const control of form.elements) {
      const { name } = control;
      if (!name || OWN.includes(name) || control.type === "submit") continue;
      fields[name] ??= "";
      if (control.type === "radio") {
        if (asServed ? control.defaultChecked : control.checked) fields[name] = control.value;
      } else if (control.tagName === "SELECT") {
        const served = [...control.options].find((option) => option.defaultSelected) ?? control.options[0];
        fields[name] = asServed ? served.value : control.value;
      } else {
        fields[name] = clean(control, asServed ? control.defaultValue : control.value);
      }
    }
    // A field that says something only beside one answer: the reason why nothing was observed
    for (const control of form.querySelectorAll("[data-only-with]")) {
      if (fields[control.dataset.onlyWith] !== control.dataset.onlyIf) fields[control.name] = "";
    }
    return fields;
  }

  function clean(control, text) {
    const plain = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n").replaceAll("\0", "");
    const whole = plain.toWellFormed ? plain.toWellFormed() : plain;
    return control.dataset.clean ? WAYS[control.dataset.clean](whole) : whole;
  }

  function write(fields) {
    for (const [name, value] of Object.entries(fields)) {
      const control = form.elements[name];
      if (!control) continue;
      if (control instanceof RadioNodeList) {
        for (const radio of control) radio.checked = radio.value === value;
      } else if (control.tagName === "SELECT") {
        if (value) control.value = value;
      } else if (clean(control, control.value) !== value) {
        control.value = value;
      }
    }
    form.dispatchEvent(new Event("autosave:changed"));
  }

  // What may go to the server: what is typed, without what it has refused already
  function sendable() {
    const fields = read();
    for (const [name, value] of Object.entries(refusals)) {
      if (fields[name] === value) fields[name] = base[name];
      else delete refusals[name];
    }
    return fields;
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
    const record = {
      user, card: place, tab, version, sent, address: location.pathname, at: Date.now(),
      base: { ...orphansBase, ...base },
      fields: { ...orphans, ...read() },
    };
    return store("readwrite", (records) => records.put(record)).catch(() => {});
  }

  // With our own record goes what we took up from closed tabs, once more: a tab that closes may write to the last.
  const takenUp = [];

  async function forget(names = [tab, ...takenUp]) {
    if (Object.keys(orphans).length && names.includes(tab)) return keep();
    for (const name of names) {
      await store("readwrite", (records) => records.delete([user, place, name])).catch(() => {});
    }
  }

  async function kept() {
    const records = await store("readonly", (all) => all.getAll(IDBKeyRange.bound([user, place], [user, place, []])));
    return records.sort((a, b) => a.at - b.at);
  }

  // Two texts of a card: what only one side changed is taken over, what both changed is for the person to settle

  function merge(mine, theirs, known) {
    const merged = {};
    const clashes = [];
    for (const name of Object.keys(theirs)) {
      const own = mine[name] ?? "";
      if (!(name in mine)) merged[name] = theirs[name];
      else if (own === theirs[name] || known.some((fields) => fields[name] === theirs[name])) merged[name] = own;
      else if (own === known[0][name]) merged[name] = theirs[name];
      else if (form.elements[name]?.dataset?.order) merged[name] = inOrder(own, theirs[name]);
      else {
        merged[name] = own;
        clashes.push({ name, theirs: theirs[name] });
      }
    }
    return { merged, clashes };
  }

  // Two orders of the same rows: ours, with what came in meanwhile at its end and without what went
  function inOrder(own, theirs) {
    const [mine, all] = [own.split(" "), theirs.split(" ")];
    return [...mine.filter((key) => all.includes(key)), ...all.filter((key) => !mine.includes(key))].join(" ");
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
    conflict = { clashes, settle: answer };
    compare();
    return false;
  }

  // What became of it, in words

  let quietUntil = 0;

  function say(state, detail = "") {
    const line = clone(`save-${state}`);
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
    if (blocked === "erased") return;
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
    const isRefused = () => Object.keys(refusals).length > 0;
    if (!changed(sendable()).length) {
      if (!isRefused()) await forget();
      return !isRefused();
    }
    inFlight ??= send(sendable()).finally(() => { inFlight = null; });
    const saved = await inFlight;
    return saved && (changed(sendable()).length ? flush() : !isRefused());
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
    if (response.status === 400 && Object.keys(answer.errors ?? {}).length) return refuse(answer.errors, fields);
    if (response.status === 404) return stop("closed");
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
    if (Object.keys(refusals).length) say("refused", words);
    else say(wasOffline ? "back" : "saved", clock());
    wasOffline = false;
    form.dispatchEvent(new Event("autosave:saved"));
    return true;
  }

  // One field that can't be saved keeps back itself, and nothing else
  let words = "";

  function refuse(errors, fields) {
    for (const [name, texts] of Object.entries(errors)) {
      if (fields[name] === base[name]) continue;
      refusals[name] = fields[name];
      words = `${form.autosave.nameOf(name)}: ${[texts].flat()[0]}`;
    }
    say("refused", words);
    const others = changed(sendable()).length > 0;
    if (others) touch();
    return false;
  }

  async function refused(answer) {
    if (answer.error === "user") return stop("other");
    if (answer.error === "closed" || answer.error === "removed") return stop(answer.error);
    if (answer.error === "erased") return erase();
    if (!answer.fields) return false;
    const mine = read();
    const known = [base, ...sent];
    await form.autosave.reshape?.(answer.fields);
    if (Object.keys(answer.fields).some((name) => !form.elements[name])) throw new Error("The page lacks fields");
    orphan(mine, known[0]);
    const isSettled = meet(mine, answer.fields, known);
    version = answer.version; // only now: from here on the next save goes through
    form.elements.version.value = answer.version;
    if (isSettled) touch();
    return false;
  }

  // Text typed in a field that somebody removed meanwhile: kept here, and offered back
  function orphan(mine, since) {
    const here = read();
    const names = Object.keys(mine).filter((name) => !(name in here) && mine[name] !== since[name]);
    for (const name of names) [orphans[name], orphansBase[name]] = [mine[name], since[name]];
    if (names.length) form.dispatchEvent(new CustomEvent("autosave:lost", { detail: { texts: { ...orphans } } }));
  }

  function isStillHere(who) {
    if (who === user) return true;
    return stop(who === null ? "signed-out" : "other");
  }

  function stop(state) {
    blocked = state;
    say(state);
    if (state === "other") cover();
    return false;
  }

  // The candidate was erased: what was typed about them goes from this device and from the page as well
  async function erase() {
    blocked = "erased";
    for (const record of await kept().catch(() => [])) await forget([record.tab]);
    await forget();
    for (const control of form.elements) {
      if (control.type === "textarea" || control.type === "text") control.value = control.defaultValue = "";
      if (control.type === "radio") control.checked = control.defaultChecked = false;
    }
    return stop("erased");
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

  // What the page's own script, the dialogs and the reader's return may ask for

  form.autosave = {
    flush,
    touch,
    nameOf: (name) => form.elements[name]?.labels?.[0]?.textContent.trim() || name,
    inWords(name, value) {
      const control = form.elements[name];
      return control.tagName === "SELECT" ? [...control.options].find((option) => option.value === value).text : value;
    },
    reshape: null, // makes room for fields that came in meanwhile; without it the fields of a form never change
    get isRefused() { return Object.keys(refusals).length > 0; },
    letGo() {
      [orphans, orphansBase] = [{}, {}];
      flush();
    },
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
    else if (blocked === "signed-out" && (await renew().catch(() => null)) === user) form.autosave.resume();
  });

  // What another tab of this card has left: taken up as soon as that tab is gone and its lock is free
  async function takeUp(name) {
    const record = (await kept()).find((one) => one.tab === name);
    if (!record || blocked) return;
    orphan(record.fields, record.base);
    const isSettled = meet(record.fields, read(), [record.base, ...record.sent], base);
    const isNew = changed(read()).length > 0; // else its last save had arrived and only the answer was lost
    if (isNew || !isSettled || Object.keys(orphans).length) await keep();
    await forget([name]);
    takenUp.push(name);
    if (isSettled && isNew) touch();
  }

  async function begin() {
    navigator.locks.request(`autosave-${tab}`, () => new Promise(() => {}));
    for (const record of await kept().catch(() => [])) {
      navigator.locks.request(`autosave-${record.tab}`, () => takeUp(record.tab));
    }
    if (changed(read()).length) touch();
    form.dataset.autosaving = "yes";
    form.dispatchEvent(new Event("autosave:changed"));
  }

  // Leaving by a link: first everything goes to the server

  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    const isPlain = !event.defaultPrevented && !event.button && !event.metaKey && !event.ctrlKey && !event.shiftKey;
    if (!link || !isPlain || link.target || link.hash || !form.autosave.unsent) return;
    event.preventDefault();
    await Promise.race([form.autosave.flush(), new Promise((resolve) => { setTimeout(resolve, 3000); })]);
    location.assign(link.href);
  });

  // Two texts of a field: choose or join

  let conflict;

  // The texts of this tab are read each time it opens: one may go on typing and decide later.
  function compare() {
    const dialog = $("conflict-dialog");
    const { clashes, settle } = conflict;
    const mine = (name) => form.elements[name].value;
    dialog.querySelector(".conflict-list").replaceChildren(...clashes.map(({ name, theirs }, number) => {
      const item = clone("conflict-item");
      item.querySelector("legend").textContent = form.autosave.nameOf(name);
      item.querySelector("[data-mine]").textContent = form.autosave.inWords(name, mine(name));
      item.querySelector("[data-theirs]").textContent = form.autosave.inWords(name, theirs);
      if (form.elements[name].tagName !== "TEXTAREA") item.querySelector("[data-both]").remove();
      for (const radio of item.querySelectorAll("input")) radio.name = `clash-${number}`;
      item.querySelector(mine(name) ? "[value=mine]" : "[value=theirs]").checked = true;
      return item.querySelector("fieldset");
    }));
    dialog.querySelector("form").onsubmit = () => {
      settle(Object.fromEntries(clashes.map(({ name, theirs }, number) => {
        const choice = dialog.querySelector(`[name=clash-${number}]:checked`).value;
        const both = [theirs, mine(name)].filter(Boolean).join("\n\n");
        return [name, { mine: mine(name), theirs, both }[choice]];
      })));
    };
    dialog.showModal();
  }

  // Signed out: sign in here and go on

  const signIn = $("sign-in-dialog");

  async function trySignIn(event) {
    event.preventDefault();
    const error = signIn.querySelector(".error");
    const inner = signIn.querySelector("form");
    const say = (text) => { error.hidden = !text; error.textContent = text; };
    say("");
    try {
      await form.autosave.renew();
      const body = new URLSearchParams(new FormData(inner));
      body.set("csrfmiddlewaretoken", token);
      const response = await fetch(inner.action, {
        method: "POST",
        body,
        headers: { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" },
        credentials: "same-origin",
      });
      const answer = await response.json().catch(() => ({}));
      if (response.ok && (await form.autosave.resume())) {
        inner.reset();
        signIn.close();
      } else if (response.ok) {
        $("sign-in-elsewhere").hidden = false;
        say("One more step is needed. Finish signing in in the new tab, then go on here.");
      } else if (response.status === 429) say("Too many tries. Wait a minute, then try again.");
      else say(problem(answer) || "That did not work. Check the password and try again.");
    } catch {
      say("The server can’t be reached. Your text is kept on this device; try again in a moment.");
    }
  }

  function problem({ form: answered }) {
    if (!answered) return "";
    return [...answered.errors, ...Object.values(answered.fields).flatMap((field) => field.errors)][0];
  }

  signIn.querySelector("form").addEventListener("submit", trySignIn);
  $("sign-in-done").addEventListener("click", async () => {
    if (await form.autosave.resume().catch(() => false)) signIn.close();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-sign-in]")) signIn.showModal();
    if (event.target.closest("[data-compare]")) compare();
  });
  for (const closer of document.querySelectorAll("dialog [data-close]")) {
    closer.addEventListener("click", () => closer.closest("dialog").close());
  }

  // Somebody else is signed in now: cover what was typed

  function cover() {
    document.querySelector("main").hidden = true;
    signIn.close();
    const dialog = $("other-user-dialog");
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.showModal();
  }

  // Once the page's own script is there
  document.addEventListener("DOMContentLoaded", begin);
})();
