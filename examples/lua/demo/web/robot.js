// The robot seen from above. The canvas is in metres; the robot's front is along +x of its frame.

export function drawRobot(context, pose, robot, colour) {
  context.save();
  context.translate(pose.x, pose.y);
  drawShadow(context, robot.radius);
  context.rotate(pose.heading);
  drawWheel(context, robot, robot.track / 2, pose.wheels.left, colour);
  drawWheel(context, robot, -robot.track / 2, pose.wheels.right, colour);
  drawBody(context, robot.radius, colour);
  drawLight(context, robot.radius, colour(pose.mode === 'auto' ? 'scan' : 'robot-mark'));
  context.restore();
}

function disc(context, radius, x = 0, y = 0) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function drawShadow(context, radius) {
  const shadow = context.createRadialGradient(0.02, -0.04, radius * 0.6, 0.02, -0.04, radius * 1.35);
  shadow.addColorStop(0, 'rgb(0 0 0 / 38%)');
  shadow.addColorStop(1, 'rgb(0 0 0 / 0%)');
  context.fillStyle = shadow;
  disc(context, radius * 1.35, 0.02, -0.04);
}

// The treads move as the wheel turns.
function drawWheel(context, {wheelRadius, radius}, side, angle, colour) {
  const length = 2.1 * wheelRadius;
  const width = 0.075;
  const y = Math.sign(side) * (radius - 0.02);
  context.save();
  context.beginPath();
  context.roundRect(-length / 2, y - width / 2, length, width, 0.02);
  context.fillStyle = colour('wheel');
  context.fill();
  context.clip();
  context.fillStyle = colour('tread');
  const spacing = 0.03;
  const shift = ((angle * wheelRadius) % spacing + spacing) % spacing;
  for (let x = -length / 2 - spacing + shift; x < length / 2; x += spacing) context.fillRect(x, y - width / 2, 0.01, width);
  context.restore();
}

function drawBody(context, radius, colour) {
  const shell = radius * 0.9;
  const paint = context.createRadialGradient(-0.03, 0.05, 0, 0, 0, shell);
  paint.addColorStop(0, `color-mix(in srgb, ${colour('robot')} 72%, white)`);
  paint.addColorStop(0.65, colour('robot'));
  paint.addColorStop(1, `color-mix(in srgb, ${colour('robot')} 82%, ${colour('robot-edge')})`);
  context.fillStyle = paint;
  disc(context, shell);
  context.strokeStyle = colour('robot-edge');
  context.lineWidth = 0.012;
  context.stroke();
  context.lineWidth = 0.026;
  context.lineCap = 'round';
  context.strokeStyle = colour('robot-mark');
  context.beginPath();
  context.arc(0, 0, shell * 0.84, -0.55, 0.55);
  context.stroke();
}

// An arrow that shows the heading, and the range finder behind it.
function drawLight(context, radius, light) {
  context.fillStyle = 'rgb(20 14 0 / 88%)';
  context.beginPath();
  context.moveTo(radius * 0.58, 0);
  context.lineTo(-radius * 0.32, radius * 0.42);
  context.lineTo(-radius * 0.12, 0);
  context.lineTo(-radius * 0.32, -radius * 0.42);
  context.fill();
  context.fillStyle = light;
  disc(context, radius * 0.1, -radius * 0.55, 0);
}
