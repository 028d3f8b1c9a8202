// Loaded into the editor's page: a screenshot has no mouse pointer, so this draws one where the mouse is.
addEventListener('DOMContentLoaded', () => {
	const pointer = document.createElement('div');
	pointer.innerHTML =
		'<svg width="26" height="32" viewBox="0 0 26 32"><path d="M2 2v23l6-5 4 9 4-2-4-9h8z" fill="#111" stroke="#fff" stroke-width="2"/></svg>';
	pointer.style.cssText =
		'position:fixed;left:-50px;top:-50px;z-index:2147483647;pointer-events:none';
	document.documentElement.append(pointer);
	const follow = ({ clientX, clientY }) => {
		pointer.style.left = `${clientX - 2}px`;
		pointer.style.top = `${clientY - 2}px`;
	};
	addEventListener('mousemove', follow, { capture: true, passive: true });
});
