import type { Locator, Page } from 'playwright-core';

import { waitFor } from '../support/processes';

/** What a film shows, and for how long. */
export interface Frame {
	png: Buffer;
	holdMs: number;
}

const READ_MS = 1_000;
const AIM_MS = 600;
const KEY_MS = 90;
const KEYS_AT_ONCE = 2;
// Notices and tooltips come and go, and the buttons for the nodes beside this one would be cut.
const UNSEEN =
	'.el-notification, .n8n-tooltip, [data-test-id="floating-nodes"] { display: none !important; }';
const STILL_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 150;

/** Keeps what a page shows, step by step. */
export class Film {
	readonly frames: Frame[] = [];

	#shortFrom = 0;

	constructor(private readonly page: Page) {}

	/** Shows the page as it is for some time. */
	async hold(holdMs = READ_MS): Promise<void> {
		this.frames.push({ png: await still(this.page), holdMs });
	}

	/** Says that the short form begins with what comes now. */
	beginShortForm(): void {
		this.#shortFrom = this.frames.length;
	}

	/** The frames of the short form. */
	get shortForm(): Frame[] {
		return this.frames.slice(this.#shortFrom);
	}

	/** Moves the pointer to something, clicks it, and shows what comes of it as soon as that is there. */
	async click(target: Locator, result: Locator, holdMs = READ_MS): Promise<void> {
		await target.hover();
		await this.hold(AIM_MS);
		await target.click();
		await result.first().waitFor();
		await this.hold(holdMs);
	}

	/** Empties a field. */
	async clear(field: Locator): Promise<void> {
		await field.click({ clickCount: 3 });
		await this.hold(AIM_MS);
		await this.page.keyboard.press('Delete');
		await this.hold(AIM_MS);
	}

	/** Drags something onto something else, as fields of the input onto parameters. */
	async drag(from: Locator, to: Locator, result: Locator): Promise<void> {
		const { mouse } = this.page;
		await from.hover();
		await this.hold(AIM_MS);
		await mouse.down();
		const box = await to.boundingBox();
		if (!box) throw new Error('The target of the drag is not to be seen');
		const target = { x: box.x + box.width / 3, y: box.y + box.height / 2 };
		await mouse.move(target.x, target.y, { steps: 10 });
		await this.hold(AIM_MS);
		await mouse.up();
		await result.first().waitFor();
		await this.hold();
	}

	/** Types a text into a field, in the place of what is in it. */
	async type(field: Locator, text: string): Promise<void> {
		await field.click({ clickCount: 3 });
		await this.hold(AIM_MS);
		for (let at = 0; at < text.length; at += KEYS_AT_ONCE) {
			await this.page.keyboard.type(text.slice(at, at + KEYS_AT_ONCE));
			await this.hold(KEYS_AT_ONCE * KEY_MS);
		}
	}
}

/** A picture of a page, or of a part of it, once nothing moves there any more. */
export async function still(target: Page | Locator): Promise<Buffer> {
	let before: Buffer | undefined;
	const isStill = async () => {
		const now = await target.screenshot({ animations: 'disabled', caret: 'hide', style: UNSEEN });
		const isSame = before?.equals(now);
		before = now;
		return isSame ? now : undefined;
	};
	return await waitFor('a page that stands still', isStill, STILL_WITHIN_MS, LOOK_EVERY_MS);
}
