// The arm in 3D, by three.js, where that is installed (npm ci) and the browser has WebGL.

const LENGTHS = [0.35, 0.8, 0.7, 0.25, 0.2, 0.12]; // metres, of the links from the floor on
const AXES = ['y', 'z', 'z', 'y', 'z', 'y']; // that each link turns around, with y along it
const WIDTHS = [0.17, 0.13, 0.11, 0.09, 0.075, 0.06];

// A view on that canvas; undefined where there can't be one.
export async function openArm(canvas) {
  if (!canvas.getContext('webgl2')) return undefined;
  try {
    return new ArmView(canvas, await import('/three/three.module.js'));
  } catch {
    return undefined;
  }
}

class ArmView {
  #three;
  #renderer;
  #scene;
  #camera;
  #joints = [];
  #size;

  constructor(canvas, three) {
    this.#three = three;
    this.#renderer = new three.WebGLRenderer({canvas, context: canvas.getContext('webgl2'), antialias: true, alpha: true});
    this.#scene = new three.Scene();
    this.#camera = new three.PerspectiveCamera(42, 1, 0.1, 20); // the stretched arm fits
    this.#camera.position.set(2.6, 2.1, 3.4);
    this.#camera.lookAt(0, 0.95, 0);
    this.#light();
    this.#scene.add(new three.GridHelper(3, 12, 0x7f8fa0, 0x7f8fa0));
    this.#build();
  }

  // Radians, as they come.
  set angles(angles) {
    this.#joints.forEach((joint, i) => (joint.rotation[AXES[i]] = angles[i]));
  }

  draw() {
    const {clientWidth: width, clientHeight: height} = this.#renderer.domElement;
    if (width === 0) return;
    const size = `${width} ${height} ${devicePixelRatio}`;
    if (size !== this.#size) this.#fit(width, height);
    this.#size = size;
    this.#renderer.render(this.#scene, this.#camera);
  }

  #fit(width, height) {
    this.#renderer.setPixelRatio(devicePixelRatio);
    this.#renderer.setSize(width, height, false);
    this.#camera.aspect = width / height;
    this.#camera.updateProjectionMatrix();
  }

  #light() {
    const sun = new this.#three.DirectionalLight(0xffffff, 2.2);
    sun.position.set(2, 5, 3);
    this.#scene.add(sun, new this.#three.HemisphereLight(0xffffff, 0x667788, 1.4));
  }

  // Each link stands on the joint before it.
  #build() {
    let parent = this.#scene;
    LENGTHS.forEach((length, i) => {
      const joint = new this.#three.Group();
      joint.position.y = i > 0 ? LENGTHS[i - 1] : 0;
      joint.add(this.#knuckle(i), this.#link(length, i));
      parent.add(joint);
      this.#joints.push(joint);
      parent = joint;
    });
  }

  #link(length, i) {
    const {CylinderGeometry, Mesh} = this.#three;
    const link = new Mesh(new CylinderGeometry(WIDTHS[i] * 0.62, WIDTHS[i] * 0.8, length, 32), this.#paint(0xf59f00));
    link.position.y = length / 2;
    return link;
  }

  #knuckle(i) {
    const {CylinderGeometry, Mesh} = this.#three;
    const knuckle = new Mesh(new CylinderGeometry(WIDTHS[i], WIDTHS[i], WIDTHS[i] * 2.1, 32), this.#paint(0x2f3b48));
    if (AXES[i] === 'z') knuckle.rotation.x = Math.PI / 2;
    return knuckle;
  }

  #paint(color) {
    return new this.#three.MeshStandardMaterial({color, roughness: 0.45, metalness: 0.15});
  }
}
