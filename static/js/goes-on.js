// Long work in steps: the page sends its own form again until there is none left. Without this the button does it.
const form = document.querySelector("form[data-goes-on]");
if (form) {
  const timer = setTimeout(() => form.requestSubmit(), 600);
  document.addEventListener("pointerdown", () => clearTimeout(timer), { once: true });
}
