/* eslint-disable @n8n/community-nodes/require-node-api-error -- its errors are for developers, never part of the node */
import { chromium, selectors, type Browser, type Locator, type Page } from 'playwright-core';
import { keepArtifact } from '../support/artifacts';
import { ensureChromium } from './chromium';
import { at } from '../support/guards';
import { OWNER } from './n8nOwner';
import { exampleToken } from '../sandbox';
import { waitFor } from '../support/processes';

const VIEW: View = { viewport: { width: 1600, height: 1360 }, deviceScaleFactor: 2 };
const PATIENCE_MS = 30_000;
// Each field has a button to take it out.
const FORM_FIELD = 'remove-field-button-';
const NO_BREAK_SPACE = '\u00a0';
const CHROMIUM_ARGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** The window that the editor is shown in. */
export interface View {
	viewport: { width: number; height: number };
	deviceScaleFactor: number;
}

/** n8n's editor in a browser, logged in as the owner. */
export class Editor {
	private constructor(
		private readonly browser: Browser,
		readonly page: Page,
		private readonly baseUrl: string,
	) {}

	/**
	 * Opens the editor of a running n8n and logs in.
	 *
	 * @param view how large the window is, and how many pixels of a picture make one of the page
	 */
	static async open(baseUrl: string, view: View = VIEW): Promise<Editor> {
		const executablePath = await ensureChromium();
		selectors.setTestIdAttribute('data-test-id');
		const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
		try {
			const context = await browser.newContext(view);
			const page = await context.newPage();
			page.setDefaultTimeout(PATIENCE_MS);
			const editor = new Editor(browser, page, baseUrl);
			await editor.logIn();
			return editor;
		} catch (error) {
			await browser.close();
			throw error;
		}
	}

	/** Closes the browser. */
	async close(): Promise<void> {
		await this.browser.close();
	}

	/** The types of all nodes that the editor offers. */
	async nodeTypeNames(): Promise<string[]> {
		const response = await this.page.request.get(`${this.baseUrl}/types/nodes.json`);
		const types: unknown = await response.json();
		if (!Array.isArray(types)) throw new Error('n8n told no list of node types');
		return types.map((type) => String(at(type, 'name')));
	}

	/** Opens a workflow on the canvas. */
	async openWorkflow(workflowId: string): Promise<void> {
		await this.page.goto(`${this.baseUrl}/workflow/${workflowId}`);
		await this.page.getByTestId('canvas-node').first().waitFor();
	}

	/** Opens a node's panel by double click. */
	async openNode(nodeName: string): Promise<Locator> {
		await this.page
			.locator(`[data-test-id="canvas-node"][data-node-name="${nodeName}"]`)
			.dblclick();
		const panel = await this.panel();
		await panel.getByTestId('node-title-container').filter({ hasText: nodeName }).waitFor();
		return panel;
	}

	/** Closes the node's panel that is open. */
	async closeNode(): Promise<void> {
		await this.page.keyboard.press('Escape');
		await this.page.getByTestId('ndv').waitFor({ state: 'hidden' });
	}

	/** Adds a node after the only one there, as people do: search, pick an action. Its panel opens. */
	async addNode(nodeTitle: string, action: RegExp): Promise<Locator> {
		await this.openNodeList();
		await this.page.getByTestId('node-creator-search-bar').fill(nodeTitle);
		await this.listed(new RegExp(`^\\s*${nodeTitle}\\s*$`)).click();
		await this.listed(action).click();
		return await this.panel();
	}

	/** Opens the list of nodes to add after the only one there. */
	async openNodeList(): Promise<void> {
		await this.page.getByTestId('canvas-handle-plus').click();
	}

	/** Searches the open list of nodes, and waits until it offers the node of that title. */
	async findNode(words: string, nodeTitle: string): Promise<void> {
		const search = this.page.getByTestId('node-creator-search-bar');
		const node = this.listed(new RegExp(`^\\s*${nodeTitle}\\s*$`));
		await search.fill('');
		await node.waitFor({ state: 'hidden' });
		await search.fill(words);
		await node.waitFor();
	}

	/** Opens the list of a field in which something is picked From List. */
	async openList(field: string): Promise<PickList> {
		await this.page.getByTestId(`resource-locator-${field}`).click();
		return new PickList(this.page);
	}

	/** The input of a field in the form of a workflow, by the field's id. */
	formField(id: string): Locator {
		return this.page
			.getByTestId(`${FORM_FIELD}${id}`)
			.locator('xpath=ancestor::*[.//input or .//textarea][1]')
			.locator('input, textarea');
	}

	/** The ids of the fields in the form of a workflow. */
	async formFieldIds(): Promise<string[]> {
		const fields = await this.page.locator(`[data-test-id^="${FORM_FIELD}"]`).all();
		const ids = fields.map(async (field) => await field.getAttribute('data-test-id'));
		return (await Promise.all(ids)).map((id) => String(id).slice(FORM_FIELD.length));
	}

	/** Runs the node whose panel is open and gives what its output pane shows as JSON. */
	async executeStep(): Promise<string> {
		await this.page.getByTestId('node-execute-button').click();
		const output = this.page.getByTestId('output-panel');
		await output.getByTestId('node-run-status-success').waitFor();
		await output.getByTestId('radio-button-json').click();
		await this.dismissNotice();
		const shown = await output.locator('.json-data').innerText();
		return shown.replaceAll(NO_BREAK_SPACE, ' ');
	}

	/** Runs the workflow on the canvas, as its button does, without waiting for its end. */
	async executeWorkflow(): Promise<void> {
		await this.page.getByTestId('execute-workflow-button').click();
	}

	/** Saves the workflow on the canvas. */
	async save(): Promise<void> {
		await this.page.keyboard.press('Control+s');
	}

	/** Stops the execution that was started on the canvas and waits until n8n has. */
	async stopExecution(): Promise<void> {
		const button = this.page.getByTestId('stop-execution-button');
		await button.click();
		await button.waitFor({ state: 'hidden' });
	}

	/** Opens the credential of the node whose panel is open, which makes n8n test it, and gives the dialog. */
	async openCredential(): Promise<Locator> {
		await this.page.getByTestId('credential-edit-button').click();
		const dialog = this.page.getByTestId('editCredential-modal');
		await dialog.waitFor();
		return dialog;
	}

	/**
	 * Keeps a picture of what the browser shows among the artefacts and tells its path. The token must not be
	 * in it.
	 */
	async screenshot(fileName: string): Promise<string> {
		const shown = await this.page.locator('body').innerText();
		if (shown.includes(exampleToken)) throw new Error(`${fileName} would show the token`);
		const picture = await this.page.screenshot({ animations: 'disabled', caret: 'hide' });
		return await keepArtifact(fileName, picture);
	}

	// The notice about the success would lie over the picture's corner.
	private async dismissNotice(): Promise<void> {
		const notice = this.page.getByRole('alert').first();
		await notice.locator('.el-notification__closeBtn').click();
		await notice.waitFor({ state: 'hidden' });
	}

	private listed(title: RegExp): Locator {
		return this.page.getByTestId('node-creator-item-name').filter({ hasText: title });
	}

	private async panel(): Promise<Locator> {
		const panel = this.page.getByTestId('ndv');
		await panel.waitFor();
		return panel;
	}

	private async logIn(): Promise<void> {
		await this.page.goto(`${this.baseUrl}/signin`);
		await this.page.locator('input[autocomplete="email"]').fill(OWNER.email);
		await this.page.locator('input[type="password"]').fill(OWNER.password);
		await this.page.getByTestId('form-submit-button').click();
		await this.page.waitForURL('**/home/**');
		// The start page still loads: leaving it too early makes n8n lead back to it.
		await this.page.getByTestId('project-home-menu-item').first().waitFor();
	}
}

/** The open list of a field. */
export class PickList {
	constructor(private readonly page: Page) {}

	/** Scrolls down until more entries than that were shown. */
	async scrollPast(count: number): Promise<void> {
		await this.#entries.first().waitFor();
		const isPast = async () => {
			await this.#entries.last().scrollIntoViewIfNeeded();
			return (await this.#entries.count()) > count || undefined;
		};
		await waitFor(`more than ${count} entries`, isPast, PATIENCE_MS);
	}

	/** Searches, and gives the names that were found. */
	async search(text: string): Promise<string[]> {
		const before = (await this.#entries.allInnerTexts()).join();
		await this.page.getByTestId('rlc-search').fill(text);
		const isSearched = async () => {
			const names = await this.#entries.allInnerTexts();
			return (names.length > 0 && names.join() !== before) || undefined;
		};
		await waitFor(`entries with ${text}`, isSearched, PATIENCE_MS);
		return await this.#entries.allInnerTexts();
	}

	/** Picks the first entry of that name, and gives all of its text. */
	async pick(name: RegExp): Promise<string> {
		const entry = this.#entries.filter({ hasText: name }).first();
		const text = await entry.innerText();
		await entry.click();
		return text;
	}

	get #entries(): Locator {
		return this.page.getByTestId('rlc-item');
	}
}
