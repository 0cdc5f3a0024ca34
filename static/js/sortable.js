// Rows that can be put in another order: <ol data-sortable> of <li data-key>, each with a grip <button data-grip>.
// By pointer or touch: hold the grip and drag. By keyboard: Space takes the row, arrows move it, Space drops it and
// Escape puts it back. Every step is said aloud. The list tells of the end with the event "sorted".
(() => {
  const live = document.getElementById("sort-live");
  if (!live) return;
  let held = null; // the row that is being moved, with the place it came from

  const rowsOf = (list) => [...list.querySelectorAll(":scope > [data-key]")];
  const nameOf = (row) => row.dataset.name ?? row.querySelector("[data-grip]").getAttribute("aria-label").replace(/^Move /, "");
  const placeOf = (row) => `${rowsOf(row.parentElement).indexOf(row) + 1} of ${rowsOf(row.parentElement).length}`;

  function say(text) {
    live.textContent = text;
  }

  function take(row) {
    held = { row, name: nameOf(row), list: row.parentElement, before: row.nextElementSibling };
    row.classList.add("is-held");
    row.querySelector("[data-grip]").setAttribute("aria-pressed", "true");
    say(`${held.name} taken, ${placeOf(row)}.`);
  }

  function drop(isKept) {
    const { row, name, list, before } = held;
    held = null;
    row.classList.remove("is-held");
    row.querySelector("[data-grip]").removeAttribute("aria-pressed");
    if (!isKept) list.insertBefore(row, before);
    say(isKept ? `${name} dropped, ${placeOf(row)}.` : `${name} back where it was, ${placeOf(row)}.`);
    if (isKept) list.dispatchEvent(new CustomEvent("sorted", { bubbles: true, detail: { row } }));
  }

  function step(row, by) {
    const rows = rowsOf(row.parentElement);
    const other = rows[rows.indexOf(row) + by];
    if (!other) return false;
    if (by < 0) other.before(row);
    else other.after(row);
    return true;
  }

  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || event.button) return;
    event.preventDefault();
    if (held) drop(true);
    grip.focus();
    grip.setPointerCapture(event.pointerId);
    take(grip.closest("[data-key]"));
    held.pointer = event.pointerId;
  });

  document.addEventListener("pointermove", (event) => {
    if (held?.pointer !== event.pointerId) return;
    const { row } = held;
    for (const other of rowsOf(held.list)) {
      const box = other.getBoundingClientRect();
      if (other === row || event.clientY < box.top || event.clientY > box.bottom) continue;
      const isAbove = Boolean(other.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING);
      const middle = box.top + box.height / 2;
      if (isAbove && event.clientY < middle) other.before(row);
      else if (!isAbove && event.clientY > middle) other.after(row);
    }
    if (event.clientY < 60) scrollBy(0, -12);
    else if (event.clientY > innerHeight - 60) scrollBy(0, 12);
  });

  // Moving the row in the document takes the pointer from its grip, so the end is heard on the page.
  for (const name of ["pointerup", "pointercancel"]) {
    document.addEventListener(name, (event) => {
      if (held?.pointer !== event.pointerId) return;
      const { row } = held;
      drop(name === "pointerup");
      row.querySelector("[data-grip]").focus();
    });
  }

  document.addEventListener("keydown", (event) => {
    const grip = event.target.closest?.("[data-grip]");
    if (!grip) {
      if (held && event.key === "Escape") drop(false);
      return;
    }
    const row = grip.closest("[data-key]");
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === " " || event.key === "Enter") {
      if (held) drop(true);
      else take(row);
    } else if (held?.row === row && by) {
      if (step(row, by)) say(`${held.name}, ${placeOf(row)}.`);
      grip.focus();
    } else if (held && event.key === "Escape") {
      drop(false);
      grip.focus();
    } else return;
    event.preventDefault();
  });

  document.addEventListener("focusout", (event) => {
    // Tabbing away drops the row where it is. Moving it in the document loses the focus too, for a moment.
    const row = held?.row;
    if (!row || held.pointer !== undefined || !event.target.matches("[data-grip]")) return;
    setTimeout(() => { if (held?.row === row && !row.contains(document.activeElement)) drop(true); });
  });

  // The buttons beside the grip: the same step, without taking anything
  document.addEventListener("sort-step", (event) => {
    const { row, by } = event.detail;
    if (!step(row, by)) return;
    say(`${nameOf(row)}, ${placeOf(row)}.`);
    row.parentElement.dispatchEvent(new CustomEvent("sorted", { bubbles: true, detail: { row } }));
  });
})();
