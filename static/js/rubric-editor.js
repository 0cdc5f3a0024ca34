// The hands of the rubric editor: order by dragging or by buttons, the sum of the weights, what others changed, and the
// preview that follows each save. Without this file the page is an ordinary form; autosave.js keeps what is typed.
(() => {
  const form = document.getElementById("editor");
  if (!form) return;
  const $ = (selector) => form.querySelector(selector);
  const named = (name) => form.elements[name];

  // Order: the hidden fields follow the rows, and the rows follow the fields

  const ORDERS = ["questions", "dimensions"];
  const listOf = (kind) => $(`[data-sortable="${kind}"]`);
  const rowsOf = (kind) => [...listOf(kind).querySelectorAll(":scope > [data-key]")];

  function number() {
    rowsOf("questions").forEach((row, place, rows) => {
      for (const spot of row.querySelectorAll("[data-number]")) spot.textContent = place + 1;
      for (const button of row.querySelectorAll(".qmove button")) {
        button.setAttribute("aria-label", button.getAttribute("aria-label").replace(/\d+/, place + 1));
        if (button.value.startsWith("up:")) button.disabled = place === 0;
        if (button.value.startsWith("down:")) button.disabled = place === rows.length - 1;
      }
    });
  }

  function writeOrder(kind) {
    const field = named(`order.${kind}`);
    const order = rowsOf(kind).map((row) => row.dataset.key).join(" ");
    if (field.value === order) return;
    field.value = order;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function readOrder(kind) {
    const keys = named(`order.${kind}`).value.split(" ");
    const rows = new Map(rowsOf(kind).map((row) => [row.dataset.key, row]));
    if (keys.join(" ") === [...rows.keys()].join(" ")) return;
    listOf(kind).append(...keys.map((key) => rows.get(key)).filter(Boolean));
  }

  form.addEventListener("sorted", (event) => {
    number();
    writeOrder(event.target.dataset.sortable);
    showSum();
  });

  function press(act) {
    const [name, key] = act.split(":");
    const by = { up: -1, down: 1 }[name.replace("dimension-", "")];
    const current = $("[data-sortable=dimensions] > [aria-current]");
    const row = name.startsWith("dimension-") ? current : rowsOf("questions").find((one) => one.dataset.key === key);
    const focused = document.activeElement;
    document.dispatchEvent(new CustomEvent("sort-step", { detail: { row, by } }));
    // A button at the end of its way is off: its twin takes the focus.
    const target = focused.disabled ? focused.parentElement.querySelector("button[value]:not(:disabled)") : focused;
    target.focus();
  }

  // Weights: their sum and their bar, as they are typed

  const weightOf = (row) => Number(/^\d{1,3}$/.exec(named(`weight.${row.dataset.key}`).value.trim())?.[0] ?? 0);

  function showSum() {
    const rows = rowsOf("dimensions");
    const total = rows.reduce((sum, row) => sum + weightOf(row), 0);
    $("[data-total]").textContent = total;
    $("[data-weight-sum]").toggleAttribute("data-off", total !== 100);
    const bar = $("[data-weight-bar]");
    let x = 0;
    bar.replaceChildren(...rows.map((row) => {
      const width = total ? (100 * weightOf(row)) / total : 0;
      const part = document.createElementNS(bar.namespaceURI, "svg");
      part.setAttribute("x", `${x}%`);
      part.setAttribute("width", `${width}%`);
      part.innerHTML = `<rect width="98%" height="28" rx="3"/>${width >= 6 ? '<text x="49%" y="18.5"></text>' : ""}`;
      if (width >= 6) part.querySelector("text").textContent = row.dataset.letter;
      x += width;
      return part;
    }));
    const listed = rows.map((row) => `${row.dataset.name} ${weightOf(row)}`).join(", ");
    bar.setAttribute("aria-label", `Weights: ${listed}; sum ${total}`);
    return total;
  }

  let sumTimer;
  form.addEventListener("input", (event) => {
    if (!event.target.name?.startsWith("weight.")) return;
    const total = showSum();
    clearTimeout(sumTimer);
    sumTimer = setTimeout(() => { $("[data-weight-said]").textContent = `Sum ${total} per cent`; }, 800);
  });

  function makeEqual() {
    const rows = rowsOf("dimensions");
    const [share, rest] = [Math.floor(100 / rows.length), 100 % rows.length];
    rows.forEach((row, place) => { named(`weight.${row.dataset.key}`).value = share + (place < rest ? 1 : 0); });
    named(`weight.${rows[0].dataset.key}`).dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Buttons: what only changes order or weights stays on the page; the rest goes once everything typed is saved

  form.addEventListener("submit", async (event) => {
    const act = event.submitter?.value ?? "save";
    if (!form.dataset.autosaving) return;
    event.preventDefault();
    if (/^(dimension-)?(up|down)\b/.test(act)) press(act);
    else if (act === "equal") makeEqual();
    else if (act === "save") form.autosave.flush();
    else if ((await form.autosave.flush()) || form.autosave.isRefused || act.startsWith("put-back:")) go(act);
  });

  function go(act) {
    const button = document.createElement("input");
    Object.assign(button, { type: "hidden", name: "act", value: act });
    form.append(button);
    form.submit();
  }

  // What somebody else changed: fresh rows from the server, then what is typed here goes into them

  async function fetchPage() {
    const response = await fetch(form.action, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!response.ok || response.redirected) throw new Error(`No page: ${response.status}`);
    return new DOMParser().parseFromString(await response.text(), "text/html");
  }

  function refresh(page, names) {
    for (const name of names) {
      const [here, there] = [document, page].map((where) => where.querySelector(`[data-fresh="${name}"]`));
      if (here && there) here.replaceChildren(...there.childNodes);
    }
  }

  async function reshape(fields) {
    const isSame = Object.keys(fields).every((name) => form.elements[name]);
    const isAll = [...form.elements].every(({ name }) => !/^(text|weight)\./.test(name) || name in fields);
    if (isSame && isAll) return;
    const focused = document.activeElement?.name;
    refresh(await fetchPage(), ["dimensions", "questions", "removed"]);
    if (focused) named(focused)?.focus?.();
  }

  form.addEventListener("autosave:changed", () => {
    for (const kind of ORDERS) readOrder(kind);
    number();
    showSum();
  });

  form.addEventListener("autosave:lost", ({ detail }) => {
    const notice = document.getElementById("lost-text").content.cloneNode(true);
    notice.querySelector("[data-text]").textContent = Object.values(detail.texts).filter(Boolean).join("\n");
    $("[data-lost]").replaceChildren(notice);
    $("[data-lost] [role=alert]").focus();
    const key = Object.keys(detail.texts)[0].split(".")[1];
    const back = $(`[data-fresh=removed] [data-question="${key}"]`);
    if (back) $("[data-put-back]").onclick = () => back.click();
    else $("[data-put-back]").remove();
  });

  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-let-go]")) {
      $("[data-lost]").replaceChildren();
      form.autosave.letGo();
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-reload]")) return;
    history.scrollRestoration = "manual"; // the page says on top who removed it
    location.reload();
  });

  // After each save: the preview and the list of changes

  const preview = $("[data-preview]");

  // The dimension being edited comes into view there, once; a link would scroll this page along with it.
  function showDimension() {
    const inside = preview.contentDocument;
    const part = inside?.getElementById(preview.dataset.preview);
    if (!part || preview.contentWindow.scrollY) return;
    preview.contentWindow.scrollTo(0, part.getBoundingClientRect().top - 90);
  }
  preview?.addEventListener("load", showDimension);
  if (preview?.contentDocument?.readyState === "complete") showDimension();

  let freshTimer;
  form.addEventListener("autosave:saved", () => {
    preview?.contentWindow.location.reload();
    clearTimeout(freshTimer);
    freshTimer = setTimeout(async () => {
      refresh(await fetchPage().catch(() => document), ["changes-link", "changes", "checks"]);
    }, 500);
  });

  // What fields are called where two texts are compared

  function nameOf(name) {
    const [kind, key] = name.split(".");
    const place = rowsOf("questions").findIndex((row) => row.dataset.key === key) + 1;
    const words = { kind: "Kind of question", text: "Question", probes: "Probes of question", listen: "Listen for, question" };
    if (words[kind]) return `${words[kind]} ${place}`;
    if (kind === "anchor") return `Anchor ${key}`;
    return named(name).labels?.[0]?.textContent.trim() ?? name;
  }

  if (form.autosave) Object.assign(form.autosave, { nameOf, reshape });

  // A link to something to put right leads into its field, out of a fold if need be
  function arrive() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const fold = target.closest("details");
    if (fold) fold.open = true;
    if (target.matches("input, textarea, select")) target.focus();
    else target.scrollIntoView({ block: "center" });
  }
  addEventListener("hashchange", arrive);
  arrive();
})();
