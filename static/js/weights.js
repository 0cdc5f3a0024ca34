// Weights on trial: a slider and its field follow each other, the others keep their proportions, and the server is
// asked for what changes. Without this the form is sent as it stands.
const form = document.querySelector("form[data-weights]");
if (form) {
  const state = form.querySelector("[data-weights-state]");
  const said = state.textContent;
  const spoken = form.querySelector("[data-weights-spoken]");
  const room = Number.parseFloat(form.dataset.room); // the points they share
  const fields = [...form.querySelectorAll("[name^=w_]")];
  const slider = (field) => form.querySelector(`[data-slider="${field.name}"]`);
  const read = (field) => Math.min(room, Math.max(0, Number.parseFloat(field.value.replace(",", ".")) || 0));
  const weights = new Map(fields.map((field) => [field, read(field)]));
  let waiting = 0;
  let asked = 0;

  const show = (except) => {
    for (const [field, weight] of weights) {
      const text = String(Math.round(weight * 10) / 10);
      if (field !== except) field.value = text;
      slider(field).value = text;
    }
  };

  const change = (field, weight, except) => {
    const others = fields.filter((other) => other !== field);
    const rest = others.reduce((sum, other) => sum + weights.get(other), 0);
    for (const other of others) weights.set(other, rest ? (weights.get(other) / rest) * (room - weight) : (room - weight) / others.length);
    weights.set(field, weight);
    show(except);
    clearTimeout(waiting);
    waiting = setTimeout(ask, 250);
  };

  const ask = async () => {
    const query = new URLSearchParams(new FormData(form));
    const number = ++asked;
    try {
      const response = await fetch(`${form.dataset.weights}?${query}`, { headers: { Accept: "text/html" } });
      if (!response.ok || response.redirected) throw new Error(response.statusText);
      const found = new DOMParser().parseFromString(await response.text(), "text/html");
      if (number !== asked) return;
      for (const part of found.querySelectorAll("[data-part]")) {
        document.querySelector(`[data-part="${part.dataset.part}"]`)?.replaceChildren(...part.childNodes);
      }
      history.replaceState(null, "", `?${query}`);
      state.textContent = said;
      spoken.textContent = document.querySelector('[data-part="order"] .lede')?.textContent.trim() ?? "";
    } catch {
      state.textContent = "Could not work this trial out. Check the connection, then press Re-rank.";
    }
  };

  form.addEventListener("input", (event) => {
    const name = event.target.dataset.slider;
    if (name) change(form.elements[name], Number(event.target.value));
    else if (weights.has(event.target) && event.target.value.trim()) change(event.target, read(event.target), event.target);
  });
}
