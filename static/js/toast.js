// A toast stays until it is closed or the page is left: nobody has to read against a clock.
document.addEventListener("click", (event) => {
  event.target.closest("[data-toast-close]")?.closest(".toast").remove();
});
