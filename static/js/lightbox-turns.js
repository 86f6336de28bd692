// Which way up a picture is shown: what the person turned, and for originals what the record says of them.
// Only the view turns; the file stays as it is.
const QUARTERS = { 1: [0, 1], 2: [0, -1], 3: [2, 1], 4: [2, -1], 5: [3, -1], 6: [1, 1], 7: [1, -1], 8: [3, 1] };

export class Turns {
  constructor() {
    this.byKey = new Map();
  }

  /** A quarter more, clockwise. Gives the degrees turned in all. */
  turn(slide) {
    const { tile } = slide.data;
    const quarters = ((this.byKey.get(tile.dataset.photo) ?? 0) + 1) % 4;
    this.byKey.set(tile.dataset.photo, quarters);
    this.lay(slide);
    return quarters * 90;
  }

  orient(content, orientation) {
    content.data.orientation = orientation;
  }

  /** Notes the picture's own size. False when that is what is laid out already. */
  measure(content, width, height) {
    const [w, h] = content.data.natural ?? [content.data.w, content.data.h];
    content.data.natural = [width, height];
    return w !== width || h !== height || this.of(content).quarters % 2 === 1 || content.data.orientation > 1;
  }

  of(content) {
    const [quarters, mirror] = QUARTERS[content.data.orientation ?? 1] ?? QUARTERS[1];
    return { quarters: (quarters + (this.byKey.get(content.data.tile?.dataset.photo) ?? 0)) % 4, mirror };
  }

  /** Gives the slide the picture's size as it is turned, fitted into the window. */
  lay(slide) {
    const { content } = slide;
    const [width, height] = content.data.natural ?? [content.data.w, content.data.h];
    const across = this.of(content).quarters % 2 === 1;
    [slide.width, slide.height] = across ? [height, width] : [width, height];
    [content.width, content.height] = [slide.width, slide.height];
    slide.calculateSize();
    slide.currentResolution = 0;
    slide.zoomAndPanToInitial();
    slide.applyCurrentZoomPan();
    slide.updateContentSize(true);
  }

  /** The library has sized the element to its box: turned sideways, the box's height is the picture's width. */
  apply(slide, content) {
    const { style } = content.element;
    const { quarters, mirror } = this.of(content);
    const [width, height] = [content.displayedImageWidth, content.displayedImageHeight];
    const across = quarters % 2 === 1;
    style.rotate = quarters ? `${quarters * 90}deg` : "";
    style.scale = mirror < 0 ? "-1 1" : "";
    style.translate = across ? `${(width - height) / 2}px ${(height - width) / 2}px` : "";
    if (!across) return;
    style.width = `${height}px`;
    style.height = `${width}px`;
  }
}
