// Trix: text only. No files, and of what is pasted only the words, their emphasis, lists and links.
const ALLOWED = new Set(["A", "B", "BLOCKQUOTE", "BR", "DEL", "DIV", "EM", "H1", "I", "LI", "OL", "P", "STRONG", "UL"]);
const GONE = "script, style, iframe, object, embed, template, img, svg, form, input, button, link, meta, title";

function clean(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  page.querySelectorAll(GONE).forEach((element) => element.remove());
  for (const element of [...page.body.querySelectorAll("*")].reverse()) {
    if (!ALLOWED.has(element.tagName)) element.replaceWith(...element.childNodes);
    for (const { name, value } of [...element.attributes]) {
      if (name !== "href" || !/^(https?:|mailto:|tel:)/i.test(value)) element.removeAttribute(name);
    }
  }
  return page.body.innerHTML;
}

document.addEventListener("trix-file-accept", (event) => event.preventDefault());
document.addEventListener("trix-before-paste", (event) => {
  if (event.paste?.html) event.paste.html = clean(event.paste.html);
});
// What is typed reaches the hidden field with the next frame; a page in the background draws none.
export const drawn = () => new Promise((resolve) => requestAnimationFrame(resolve) && setTimeout(resolve, 50));

// A dialog that closes gives the focus back without the caret, and the keys would go nowhere.
document.addEventListener(
  "close",
  () => {
    const text = document.activeElement;
    if (!text?.matches("trix-editor")) return;
    const caret = text.editor.getSelectedRange();
    text.blur();
    text.focus();
    text.editor.setSelectedRange(caret);
  },
  true,
);
// The hidden field has no events of its own; autosave and htmx hear this one. Trix's own tidying at the start is no change.
const ready = new WeakSet();
document.addEventListener("trix-initialize", (event) => ready.add(event.target));
document.addEventListener("trix-change", (event) => {
  if (!ready.has(event.target)) return;
  event.target.inputElement?.dispatchEvent(new Event("input", { bubbles: true }));
});
// `data-take-over="template's id" data-into="rich text's id"`: the older text follows what is already written.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take-over]");
  const editor = button && document.querySelector(`trix-editor[input="${button.dataset.into}"]`);
  if (!editor) return;
  const older = document.getElementById(button.dataset.takeOver).innerHTML;
  editor.editor.setSelectedRange(editor.editor.getDocument().getLength() - 1);
  editor.editor.insertHTML(older);
  editor.focus();
});
