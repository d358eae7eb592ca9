// The picture of the arena: floor, walls, pillars, the robot with its range finder and its trail.
// Drawn in metres with y upwards, x to the right, the origin in the middle.

import {Surface} from './surface.js';
import {drawRobot} from './robot.js';

const MARGIN = 0.15; // metres around the walls
const TRAIL_TIME = 12; // seconds

export class ArenaView {
  #surface;
  #scene = null;
  #tiles = new Map(); // what the robot has seen: name -> cells

  constructor(canvas) {
    this.#surface = new Surface(canvas);
  }

  // arena and robot as the snapshot describes them
  set scene(scene) {
    this.#scene = scene;
  }

  // A tile of the map; its cells are [column, row].
  setTile(name, cells) {
    this.#tiles.set(name, cells);
  }

  draw(pose, trail) {
    const context = this.#surface.begin();
    if (!this.#scene) return;
    const {arena, robot} = this.#scene;
    this.#enterMetres(context, arena);
    this.#drawFloor(context, arena);
    this.#drawMap(context);
    if (pose) {
      this.#drawScan(context, pose, robot);
      this.#drawTrail(context, pose, trail);
      this.#drawForecast(context, pose);
    }
    this.#drawWalls(context, arena);
    if (!pose) return;
    this.#drawEchoes(context, pose, robot);
    drawRobot(context, pose, robot, name => this.#surface.colour(name));
  }

  #enterMetres(context, arena) {
    const {width, height} = this.#surface;
    const scale = Math.min(width / (arena.width + 2 * MARGIN), height / (arena.height + 2 * MARGIN));
    context.translate(width / 2, height / 2);
    context.scale(scale, -scale);
    this.pixel = 1 / scale;
  }

  #drawFloor(context, {width, height}) {
    context.fillStyle = this.#surface.colour('floor');
    context.fillRect(-width / 2, -height / 2, width, height);
    for (let x = -width / 2 + 0.5; x < width / 2; x += 0.5) this.#gridLine(context, x, -height / 2, x, height / 2, x);
    for (let y = -height / 2 + 0.5; y < height / 2; y += 0.5) this.#gridLine(context, -width / 2, y, width / 2, y, y);
    this.#drawScale(context, width, height);
  }

  #drawMap(context) {
    const {cell} = this.#scene;
    context.fillStyle = this.#surface.colour('map');
    for (const cells of this.#tiles.values()) {
      for (const [column, row] of cells) context.fillRect(column * cell, row * cell, 0.94 * cell, 0.94 * cell);
    }
  }

  #gridLine(context, x1, y1, x2, y2, place) {
    context.strokeStyle = this.#surface.colour(place % 1 ? 'grid' : 'grid-strong');
    context.lineWidth = this.pixel;
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
  }

  // A bar of one metre in the corner.
  #drawScale(context, width, height) {
    const x = width / 2 - 1.2;
    const y = -height / 2 + 0.16;
    context.strokeStyle = context.fillStyle = this.#surface.colour('muted');
    context.lineWidth = 1.5 * this.pixel;
    context.beginPath();
    context.moveTo(x, y + 0.05);
    context.lineTo(x, y);
    context.lineTo(x + 1, y);
    context.lineTo(x + 1, y + 0.05);
    context.stroke();
    context.save();
    context.translate(x + 0.5, y + 0.06);
    context.scale(this.pixel, -this.pixel);
    context.font = `500 11px ${this.#surface.font}`;
    context.textAlign = 'center';
    context.fillText('1 m', 0, 0);
    context.restore();
  }

  // The ends of the range finder's beams: x, y and the distance measured.
  #beams({x, y, heading, scan}) {
    return scan.map((distance, i) => {
      const angle = heading + i * 2 * Math.PI / scan.length;
      return [x + distance * Math.cos(angle), y + distance * Math.sin(angle), distance];
    });
  }

  #drawScan(context, pose, {range}) {
    const colour = this.#surface.colour('scan');
    const glow = context.createRadialGradient(pose.x, pose.y, 0.15, pose.x, pose.y, range);
    glow.addColorStop(0, `color-mix(in srgb, ${colour} 32%, transparent)`);
    glow.addColorStop(1, `color-mix(in srgb, ${colour} 3%, transparent)`);
    context.fillStyle = glow;
    context.beginPath();
    for (const [x, y] of this.#beams(pose)) context.lineTo(x, y);
    context.fill();
  }

  // A dot where a beam met something.
  #drawEchoes(context, pose, {range}) {
    context.fillStyle = this.#surface.colour('scan');
    for (const [x, y, distance] of this.#beams(pose)) {
      if (distance < range - 0.01) this.#dot(context, x, y, 2.25 * this.pixel);
    }
  }

  #dot(context, x, y, radius) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  }

  #drawTrail(context, pose, trail) {
    const shown = trail.filter(point => point[0] < pose.time);
    shown.push([pose.time, pose.x, pose.y]);
    context.strokeStyle = this.#surface.colour('trail');
    context.lineWidth = 3 * this.pixel;
    for (let i = 1; i < shown.length; i++) {
      const [time, x, y] = shown[i];
      const [, fromX, fromY] = shown[i - 1];
      context.globalAlpha = 0.85 * Math.max(0, 1 - (pose.time - time) / TRAIL_TIME) ** 1.5;
      context.beginPath();
      context.moveTo(fromX, fromY);
      context.lineTo(x, y);
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  // Where the command leads within the next second.
  #drawForecast(context, {x, y, heading, command}) {
    if (Math.abs(command.v) < 0.02) return;
    context.strokeStyle = this.#surface.colour('commanded');
    context.lineWidth = 2 * this.pixel;
    context.setLineDash([5 * this.pixel, 5 * this.pixel]);
    context.beginPath();
    context.moveTo(x, y);
    const steps = 20;
    for (let i = 0; i < steps; i++) {
      heading += command.omega / steps;
      x += command.v / steps * Math.cos(heading);
      y += command.v / steps * Math.sin(heading);
      context.lineTo(x, y);
    }
    context.stroke();
    context.setLineDash([]);
  }

  #drawWalls(context, {width, height, pillars}) {
    context.strokeStyle = this.#surface.colour('wall');
    context.lineWidth = 0.1;
    context.beginPath();
    context.roundRect(-width / 2 - 0.05, -height / 2 - 0.05, width + 0.1, height + 0.1, 0.07);
    context.stroke();
    for (const {x, y, radius} of pillars) {
      context.fillStyle = this.#surface.colour('pillar');
      this.#dot(context, x, y, radius);
      context.fillStyle = this.#surface.colour('pillar-top');
      this.#dot(context, x, y, radius * 0.78);
    }
  }
}
