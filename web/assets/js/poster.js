// Saves a picture made of text and lines (SVG) as points (PNG), twice as fine. Letters are drawn with this device's fonts.
// Without this script the buttons stay hidden and the SVG can be saved.
//
//   <img id="poster-calm" src="…" width="720" height="1080">
//   <button type="button" hidden data-png="#poster-calm" data-name="shop-calm.png">PNG</button>

const scale = 2;

const save = async (button) => {
  const picture = document.querySelector(button.dataset.png);
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = picture.getAttribute("width") * scale;
  canvas.height = picture.getAttribute("height") * scale;
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = button.dataset.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

for (const button of document.querySelectorAll("button[data-png]")) {
  button.hidden = false;
  button.addEventListener("click", () => save(button));
}
