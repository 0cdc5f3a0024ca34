// Asks before signing out while text of a scorecard or a rubric waits on this device: whoever comes next would not see it, but
// its writer should know. The store is that of autosave.js.
for (const form of document.querySelectorAll("form[data-sign-out]")) {
  const user = Number(form.dataset.user);
  const everything = IDBKeyRange.bound([user], [user, []]);

  const store = (mode, act) =>
    new Promise((resolve, reject) => {
      const opening = indexedDB.open("smarter-scorecards", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("unsent", { keyPath: ["user", "card", "tab"] });
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const transaction = opening.result.transaction("unsent", mode);
        const request = act(transaction.objectStore("unsent"));
        transaction.oncomplete = () => {
          opening.result.close();
          resolve(request.result);
        };
        transaction.onerror = () => reject(transaction.error);
      };
    });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const unsent = await store("readonly", (records) => records.getAll(everything)).catch(() => []);
    if (!unsent.length) {
      form.submit();
      return;
    }
    const dialog = document.getElementById("sign-out-dialog");
    const link = dialog.querySelector("[data-unsent]");
    link.href = unsent[0].address ?? link.dataset.unsent.replace("0", unsent[0].card);
    dialog.onclose = async () => {
      if (dialog.returnValue === "erase") await store("readwrite", (records) => records.delete(everything));
      if (dialog.returnValue) form.submit();
    };
    dialog.returnValue = "";
    dialog.showModal();
  });
}
