// A canvas that is as sharp as the screen and as large as the page's layout makes it.

export class Surface {
  #canvas;
  #colours = new Map();
  width = 0; // in CSS pixels, as all drawing is
  height = 0;

  constructor(canvas) {
    this.#canvas = canvas;
    this.context = canvas.getContext('2d');
    new ResizeObserver(() => this.#fit()).observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#colours.clear());
    this.#fit();
  }

  // The colour that the style sheet calls by that name.
  colour(name) {
    let value = this.#colours.get(name);
    if (!value) {
      value = getComputedStyle(this.#canvas).getPropertyValue('--' + name).trim();
      this.#colours.set(name, value);
    }
    return value;
  }

  get font() {
    return this.colour('font');
  }

  // An empty picture to draw on.
  begin() {
    if (devicePixelRatio !== this.ratio) this.#fit();
    this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.context.clearRect(0, 0, this.width, this.height);
    return this.context;
  }

  #fit() {
    this.ratio = devicePixelRatio;
    this.width = this.#canvas.clientWidth;
    this.height = this.#canvas.clientHeight;
    this.#canvas.width = Math.round(this.width * this.ratio);
    this.#canvas.height = Math.round(this.height * this.ratio);
  }
}
