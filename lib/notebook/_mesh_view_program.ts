/** The program of `meshView`'s frame, plain JavaScript for browsers; `data` stands before it. */
export const MESH_VIEW_PROGRAM = String.raw`
const canvas = document.querySelector("canvas"), gl = canvas.getContext("webgl", { preserveDrawingBuffer: true });
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
const shader = (kind, source) => {
  const made = gl.createShader(kind);
  gl.shaderSource(made, source);
  gl.compileShader(made);
  return made;
};
const program = gl.createProgram();
gl.attachShader(program, shader(gl.VERTEX_SHADER, "attribute vec3 p,n;attribute vec2 t;uniform mat3 r;" +
  "varying vec3 m;varying vec2 u;void main(){vec3 q=r*p;m=r*n;u=t;" +
  "gl_Position=vec4(q.xy*0.95/(1.0-q.z*0.25),-q.z*0.5,1.0);}"));
gl.attachShader(program, shader(gl.FRAGMENT_SHADER, "precision mediump float;varying vec3 m;varying vec2 u;" +
  "uniform sampler2D s;void main(){float l=0.65+0.35*dot(normalize(m),normalize(vec3(0.3,0.8,0.6)));" +
  "gl_FragColor=vec4(texture2D(s,u).rgb*l,1.0);}"));
gl.linkProgram(program);
gl.useProgram(program);
for (const [name, array, size] of [["p", data.positions, 3], ["n", data.normals, 3], ["t", data.uvs, 2]]) {
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ARRAY_BUFFER, bytes(array), gl.STATIC_DRAW);
  const place = gl.getAttribLocation(program, name);
  gl.enableVertexAttribArray(place);
  gl.vertexAttribPointer(place, size, gl.FLOAT, false, 0, 0);
}
const indices = new Uint16Array(bytes(data.indices));
gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, indices, gl.STATIC_DRAW);
gl.enable(gl.DEPTH_TEST);
gl.clearColor(0.5, 0.5, 0.5, 1);
let turn = 0.6, tilt = 0.35, held = null, last = performance.now();
const draw = (now) => {
  if (!held) turn += (now - last) / 1000 * data.speed * 2 * Math.PI;
  last = now;
  const [c, s, d, e] = [Math.cos(turn), Math.sin(turn), Math.cos(tilt), Math.sin(tilt)];
  gl.uniformMatrix3fv(gl.getUniformLocation(program, "r"), false, [c, s * e, -s * d, 0, d, e, s, -c * e, c * d]);
  gl.viewport(0, 0, canvas.width, canvas.height);
  gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
  gl.drawElements(gl.TRIANGLES, indices.length, gl.UNSIGNED_SHORT, 0);
  document.documentElement.dataset.turn = turn.toFixed(4);
  requestAnimationFrame(draw);
};
canvas.onpointerdown = ({ clientX, clientY, pointerId }) => {
  held = [clientX, clientY];
  canvas.setPointerCapture(pointerId);
};
canvas.onpointermove = ({ clientX, clientY }) => {
  if (!held) return;
  turn += (clientX - held[0]) / 100;
  tilt = Math.max(-1.5, Math.min(1.5, tilt + (clientY - held[1]) / 100));
  held = [clientX, clientY];
};
canvas.onpointerup = canvas.onpointercancel = () => held = null;
const image = new Image();
image.onload = () => {
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB, gl.RGB, gl.UNSIGNED_BYTE, image);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
  requestAnimationFrame(draw);
};
image.src = "data:image/png;base64," + data.texture;
`;
