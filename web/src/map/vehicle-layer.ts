import { VEHICLE_CLASSES } from '@songxanh/wire/live';
import type { CustomLayerInterface, Map as MapLibre } from 'maplibre-gl';
import { ICON_PX_PER_M, PIXEL_RATIO, vehicleIcons } from './icons.ts';
import { type Fleet, FLEET_ROW, FLEET_STRIDE } from './moving-vehicles.ts';

/** Farther out a vehicle is less than a pixel. */
export const VEHICLES_FROM_ZOOM = 13;
/** Never drawn smaller than this part of its icon. */
const LEAST_SIZE = 0.16;
const TILE_PX = 512;

/** The vehicles that are shown, and how far they have glid from their last places (0) to those of the newest frame (1). */
export interface Gliding {
  readonly fleet: Fleet;
  readonly share: () => number;
}

const VERTEX = `#version 300 es
uniform mat4 u_matrix;
uniform float u_share, u_unit, u_disc;
uniform vec2 u_icon[${String(VEHICLE_CLASSES.length)}];
uniform highp sampler2D u_fleet;
const vec2 CORNERS[6] = vec2[6](vec2(-1, -1), vec2(1, -1), vec2(-1, 1), vec2(-1, 1), vec2(1, -1), vec2(1, 1));
out vec2 v_at;
flat out int v_class;
flat out float v_speed;
void main() {
  int vehicle = gl_VertexID / 6;
  ivec2 texel = ivec2(vehicle % ${String(FLEET_ROW)} * 2, vehicle / ${String(FLEET_ROW)});
  vec4 places = texelFetch(u_fleet, texel, 0);
  vec4 is = texelFetch(u_fleet, texel + ivec2(1, 0), 0);
  vec2 corner = CORNERS[gl_VertexID % 6];
  float heading = radians(is.x + is.y * u_share);
  v_class = int(is.z);
  v_speed = is.w;
  v_at = corner;
  vec2 aside = corner * (u_disc > 0. ? vec2(u_disc) : .5 * u_unit * u_icon[v_class]);
  // Forward is north at heading 0, and the map's y points south.
  vec2 turned = mat2(cos(heading), sin(heading), sin(heading), -cos(heading)) * aside;
  gl_Position = u_matrix * vec4(mix(places.xy, places.zw, u_share) + turned, 0., 1.);
}`;

const FRAGMENT = `#version 300 es
precision highp float;
uniform sampler2D u_icons;
uniform vec2 u_cell;
uniform float u_disc;
uniform vec2 u_icon[${String(VEHICLE_CLASSES.length)}];
in vec2 v_at;
flat in int v_class;
flat in float v_speed;
out vec4 colour;
void main() {
  if (u_disc > 0.) {
    float away = length(v_at);
    // Standing, creeping (10 km/h), slow (25 km/h), moving.
    vec3 speed = v_speed < 5. ? vec3(1., .302, .369) : v_speed < 28. ? vec3(1., .604, .239) : v_speed < 70. ? vec3(1., .847, .302) : vec3(.153, .82, .498);
    colour = vec4(speed, 1.) * .75 * (1. - smoothstep(1. - fwidth(away), 1., away));
  } else {
    vec2 inIcon = (v_at * vec2(.5, -.5) + .5) * u_icon[v_class];
    colour = texture(u_icons, (inIcon + vec2(float(v_class) * u_cell.x, 0.)) / vec2(u_cell.x * ${String(VEHICLE_CLASSES.length)}., u_cell.y));
  }
}`;

const programOf = (gl: WebGL2RenderingContext): WebGLProgram => {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true) throw new Error(gl.getProgramInfoLog(program) ?? 'vehicles: no program');
  return program;
};

const textureOf = (gl: WebGL2RenderingContext, unit: number, filter: number): WebGLTexture => {
  const texture = gl.createTexture();
  gl.activeTexture(unit);
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, filter);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, filter);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  return texture;
};

/** Radius of the disc that tells a vehicle's speed, px. */
const discPx = (zoom: number): number => {
  const [from, to, low, high] = zoom < 17 ? [13, 17, 2.5, 6] : [17, 20, 6, 30];
  return low + (high - low) * ((2 ** (Math.min(zoom, to) - from) - 1) / (2 ** (to - from) - 1));
};

/** Opens what one layer needs on the graphics card, and gives how it draws a frame. */
const openDrawing = (
  gl: WebGL2RenderingContext,
  map: MapLibre,
  drawnAs: 'icon' | 'disc',
  pxPerMAtZoom0: number,
): ((gliding: Gliding, projection: ArrayLike<number>) => void) => {
  const icons = vehicleIcons(VEHICLE_CLASSES);
  const program = programOf(gl);
  const uniform = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(program, name);
  const [matrix, share, unit, disc] = ['u_matrix', 'u_share', 'u_unit', 'u_disc'].map(uniform);
  gl.useProgram(program);
  gl.uniform2fv(uniform('u_icon'), icons.sizes.flat());
  gl.uniform2f(uniform('u_cell'), icons.image.width / VEHICLE_CLASSES.length, icons.image.height);
  gl.uniform1i(uniform('u_icons'), 0);
  gl.uniform1i(uniform('u_fleet'), 1);
  const [iconTexture, fleetTexture] = [textureOf(gl, gl.TEXTURE0, gl.LINEAR), textureOf(gl, gl.TEXTURE1, gl.NEAREST)];
  gl.activeTexture(gl.TEXTURE0);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, icons.image);
  const noAttributes = gl.createVertexArray();
  let held: Fleet | undefined;
  return ({ fleet, share: glid }, projection) => {
    const zoom = map.getZoom();
    const px = 1 / (TILE_PX * 2 ** zoom);
    const [x, y] = fleet.origin;
    const m = Float64Array.from(projection);
    for (let k = 0; k < 4; k += 1) m[12 + k] = m[k]! * x + m[4 + k]! * y + m[12 + k]!;
    gl.useProgram(program);
    gl.uniformMatrix4fv(matrix!, false, m);
    gl.uniform1f(share!, glid());
    gl.uniform1f(unit!, (Math.max(LEAST_SIZE, (pxPerMAtZoom0 * 2 ** zoom) / ICON_PX_PER_M) / PIXEL_RATIO) * px);
    gl.uniform1f(disc!, drawnAs === 'disc' ? discPx(zoom) * px : 0);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, iconTexture);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, fleetTexture);
    if (held !== fleet) {
      gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
      const rows = fleet.numbers.length / (FLEET_ROW * FLEET_STRIDE);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, (FLEET_ROW * FLEET_STRIDE) / 4, rows, 0, gl.RGBA, gl.FLOAT, fleet.numbers);
      held = fleet;
    }
    gl.bindVertexArray(noAttributes);
    gl.drawArrays(gl.TRIANGLES, 0, 6 * fleet.rows.size);
    gl.bindVertexArray(null);
  };
};

/**
 * All vehicles in one call of the graphics card, as icons or as discs by speed. They glide there: what the page does for them is to hand over each
 * frame's places once, and it costs nothing to move the map over them.
 */
export const vehicleLayer = (id: string, drawnAs: 'icon' | 'disc', pxPerMAtZoom0: number, read: () => Gliding): CustomLayerInterface => {
  let map: MapLibre;
  let draw: ReturnType<typeof openDrawing> | undefined;
  return {
    id,
    type: 'custom',
    // The card's state is the map's own until it draws: nothing is opened before. A card that was lost comes back here.
    onAdd: (on) => {
      map = on;
      draw = undefined;
    },
    render: (gl, { defaultProjectionData: { mainMatrix } }) => {
      const gliding = read();
      if (map.getZoom() < VEHICLES_FROM_ZOOM || gliding.fleet.rows.size === 0) return;
      draw ??= openDrawing(gl, map, drawnAs, pxPerMAtZoom0);
      draw(gliding, mainMatrix);
    },
  };
};
