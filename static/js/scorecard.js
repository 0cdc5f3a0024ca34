// The hands of the scorecard page: keys, progress by letter, notes into evidence, the time left, and what its fields are
// called where autosave.js compares two texts. Without this file the page is an ordinary form.
(() => {
  const form = document.getElementById("scorecard");
  if (!form) return;
  const $ = (id) => document.getElementById(id);
  const parts = [...form.querySelectorAll("[data-part]")];
  const clone = (id) => $(id).content.cloneNode(true);

  // Progress by letter: the same words as candidates/sheet.py, Part.status

  function statusOf(part) {
    const key = part.id;
    const rating = form.elements[`rating.${key}`].value;
    const hasEvidence = form.elements[`evidence.${key}`].value.trim() !== "";
    const isFocus = "focus" in part.dataset;
    const warn = (words) => ({ rating, words, warn: true, gap: true });
    if (rating === "no" && form.elements[`reason.${key}`].value === "no_reason_yet") return warn("Reason missing");
    if ((rating === "1" || rating === "5") && !hasEvidence) return warn("Evidence missing");
    if (rating === "no") return { rating, words: "Not observed" };
    if (rating) return { rating, words: `Scored ${rating}` };
    if (isFocus) return { rating, words: "To score", gap: true };
    return hasEvidence ? warn("Score missing") : { rating, words: "Optional" };
  }

  function paint(tile, rating) {
    tile.className = tile.className.replace(/ (r[1-5]|tile-todo|tile-na)\b/g, "");
    tile.classList.add(rating === "no" ? "tile-na" : rating ? `r${rating}` : "tile-todo");
  }

  function showStatus(place, status) {
    const icon = status.warn ? "icon-warn" : Number(status.rating) ? "icon-check" : "";
    place.replaceChildren(...(icon ? [clone(icon)] : []), status.words);
  }

  function showPart(part, index) {
    const status = statusOf(part);
    const link = form.querySelector(`[data-rail="${part.id}"]`);
    const short = status.rating === "no" ? "n/o" : status.rating || ("focus" in part.dataset ? "–" : "opt.");
    for (const tile of [part.querySelector(".tile"), link.querySelector(".tile")]) paint(tile, status.rating);
    paint($("progress-strip").querySelectorAll(".tile")[index], status.rating);
    showStatus(part.querySelector(".dim-status"), status);
    showStatus(link.querySelector(".rail-state"), status);
    part.querySelector(".dim-status").classList.toggle("save-warn", Boolean(status.warn));
    link.querySelector(".rail-short").textContent = short;
    const help = part.querySelector("[data-help]");
    const isMissing = status.words === "Evidence missing";
    help.textContent = isMissing
      ? `A ${status.rating} needs what you heard that earned it, before you submit.`
      : help.dataset.help;
    help.classList.toggle("save-warn", isMissing);
    if (!status.gap) {
      for (const error of part.querySelectorAll(".error")) error.hidden = true;
      for (const control of part.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
    }
    return status;
  }

  function showProgress() {
    const states = parts.map(showPart);
    const done = states.filter((state, i) => "focus" in parts[i].dataset && !state.gap).length;
    $("progress-done").textContent = done;
    const chosen = form.querySelector("[name=recommendation]:checked");
    const words = chosen ? chosen.closest("label").textContent.trim() : "After the scores";
    const link = form.querySelector("[data-rail=overall]");
    $("overall").querySelector(".dim-status").textContent = words;
    link.querySelector(".rail-state").textContent = words;
    link.querySelector(".rail-short").replaceChildren(chosen ? clone("icon-check") : "–");
    const error = $("id_recommendation_error");
    if (error) error.hidden = Boolean(chosen);
    for (const tile of [link.querySelector(".tile"), $("overall").querySelector(".tile")]) {
      tile.classList.toggle("tile-todo", !chosen);
    }
  }

  form.addEventListener("input", showProgress);
  form.addEventListener("change", showProgress);
  form.addEventListener("autosave:changed", showProgress);

  // Keys: inside a dimension (else the one in view), never while typing

  const isTyping = (target) => target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
  const middle = (part) => Math.abs(part.getBoundingClientRect().top - innerHeight / 4);

  function current() {
    const focused = document.activeElement?.closest("[data-part]");
    const open = parts.filter((part) => part.open && part.getBoundingClientRect().bottom > innerHeight / 4);
    return focused ?? open.sort((a, b) => middle(a) - middle(b))[0] ?? parts[0];
  }

  function go(part) {
    if (!part) return;
    part.open = true;
    const target = part.querySelector("[name^='rating.']:checked, [name=recommendation]:checked") ?? part.querySelector("[name^='rating.'], [name=recommendation]");
    target.focus();
    part.scrollIntoView({ block: "start" });
  }

  function rate(part, value) {
    part.open = true;
    const radio = [...form.elements[`rating.${part.id}`]].find((one) => one.value === value);
    radio.checked = true;
    radio.focus();
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    if (value === "no") form.elements[`reason.${part.id}`].focus();
  }

  function press(key) {
    const part = current();
    const steps = [...parts, $("overall")];
    const here = document.activeElement?.closest("#overall") ? parts.length : steps.indexOf(part);
    if (here === parts.length && !/^[jk]$/.test(key)) return false;
    if (/^[1-5]$/.test(key)) rate(part, key);
    else if (key === "0") rate(part, "no");
    else if (key === "e") form.elements[`evidence.${part.id}`].focus();
    else if (key === "n") part.querySelector(".quick")?.focus();
    else if (key === "j") go(steps[here + 1]);
    else if (key === "k") go(steps[here - 1]);
    else return false;
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && isTyping(event.target)) {
      event.target.closest("[data-part]")?.querySelector("summary").focus();
      return;
    }
    if (isTyping(event.target)) return;
    if (event.key === "?") {
      event.preventDefault();
      $("keys-help").showModal();
    } else if ($("keys-on").checked && press(event.key.toLowerCase())) event.preventDefault();
  });

  $("keys-on").addEventListener("change", (event) => {
    const body = new URLSearchParams({ enabled: event.target.checked ? "on" : "", csrfmiddlewaretoken: token() });
    fetch(event.target.dataset.url, { method: "POST", body, credentials: "same-origin" }).catch(() => {});
  });

  const token = () => form.autosave?.token ?? form.elements.csrfmiddlewaretoken.value;

  // Notes into evidence

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy-notes]");
    if (!button) return;
    const part = button.closest("[data-part]");
    const evidence = form.elements[`evidence.${part.id}`];
    const notes = [...part.querySelectorAll(".quick")].map((note) => note.value.trim()).filter((note) => note && !evidence.value.includes(note));
    if (notes.length) {
      evidence.value = [evidence.value.trimEnd(), ...notes].filter(Boolean).join("\n");
      evidence.dispatchEvent(new Event("input", { bubbles: true }));
    }
    evidence.focus();
  });

  // The dimension in view, and the time left

  const rail = new IntersectionObserver(() => {
    const part = current();
    for (const link of form.querySelectorAll("[data-rail]")) {
      if (link.dataset.rail === part?.id) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
  }, { rootMargin: "-25% 0px -60% 0px" });
  for (const part of parts) rail.observe(part);

  const left = form.querySelector("[data-ends-at]");
  function showTime() {
    const [starts, ends] = [Date.parse(left.dataset.startsAt), Date.parse(left.dataset.endsAt)];
    const minutes = Math.ceil((ends - Date.now()) / 60000);
    if (Date.now() < starts || minutes <= 0) left.textContent = left.dataset.due;
    else left.textContent = `${minutes} minute${minutes === 1 ? "" : "s"} left, ${left.dataset.until}`;
  }
  if (left) {
    showTime();
    setInterval(showTime, 30000);
  }

  // A link to a gap leads into its control
  const gap = $(location.hash.slice(1));
  if (gap?.matches("input, textarea, select")) gap.focus();

  // Leaving for the review: first everything goes to the server

  form.addEventListener("submit", async (event) => {
    if (!form.dataset.autosaving) return;
    event.preventDefault();
    if ((await form.autosave.flush()) && event.submitter?.value === "review") location.assign(form.dataset.review);
  });

  // What two texts of a field are called

  const nameOf = (field) => {
    const [kind, key] = field.split(".");
    const words = { rating: "Score on", reason: "Reason on", evidence: "Evidence on", note: "Notes on" }[kind];
    if (!words) return kind === "summary" ? "Why, in two sentences" : "Recommendation";
    return `${words} ${$(key).querySelector("h2").textContent}`;
  };

  function inWords(field, value) {
    if (!value) return "Empty";
    const control = form.elements[field];
    if (field === "recommendation") return $(`id_recommendation_${value}`).closest("label").textContent.trim();
    if (field.startsWith("rating.")) return value === "no" ? "Not observed" : value;
    return control.tagName === "SELECT" ? [...control.options].find((o) => o.value === value).text : value;
  }

  if (form.autosave) Object.assign(form.autosave, { nameOf, inWords });
  $("keys-open").addEventListener("click", () => $("keys-help").showModal());
})();
