// A page that comes back with a form's error summary begins there.
document.querySelector(".errors[role=alert]")?.focus();
