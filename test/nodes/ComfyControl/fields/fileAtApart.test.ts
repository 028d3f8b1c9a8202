/** @jest-environment node */
/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- sets n8n up, never part of the node */
import { SsrfProtectionConfig } from '@n8n/config';
import { Container } from '@n8n/di';

import { file, FileServer, redirect } from '../../../support/fileServer';
import { rerunParameters } from '../../../support/rerun';
import { rows, SEEDS, sentBy, stage } from '../../../support/stage';

const PICTURE = Buffer.from('89504e470d0a1a0a', 'hex');

// All of this machine's own addresses are internal to n8n. Read when it sends the first request, hence the
// environment of its own.
const protection = Container.get(SsrfProtectionConfig);
protection.allowedIpRanges.push('127.0.0.1/32');

const at = stage();
let web: FileServer;
beforeAll(async () => {
	web = await FileServer.start();
});
afterEach(() => {
	expect(web.signedIn(at.sandbox.token)).toEqual([]);
	web.reset();
});
afterAll(() => web.stop());

const sent = () => sentBy(at.sandbox, 'POST');

async function rerun(...links: string[]) {
	const file = [{ name: 'input_image', binaryPropertyName: '={{ $json.link }}' }];
	const items = rows(...links.map((link) => ({ link })));
	return await at.run(rerunParameters(SEEDS.textToImage, { file }), { items });
}

it('a file at an address is fetched through n8n’s proxy', async () => {
	web.serve('http://files.example/a.png', file(PICTURE));
	const before = { ...process.env };
	Object.assign(process.env, { http_proxy: web.origin, no_proxy: '127.0.0.1' });
	try {
		await rerun('http://files.example/a.png');
	} finally {
		process.env = before;
	}
	expect(sent().flatMap(({ files }) => files)).toMatchObject([
		{ fileName: 'a.png', content: PICTURE },
	]);
});

describe('a file at an address, while n8n protects internal addresses,', () => {
	beforeAll(() => void (protection.enabled = true));
	afterAll(() => void (protection.enabled = false));

	it.each([
		['directly', () => web.origin.replace('127.0.0.1', '127.0.0.2')],
		['by a redirect', () => web.serve('/', redirect(web.origin.replace('127.0.0.1', '127.0.0.2')))],
	])('is told of one that is named %s', async (_way, linkTo) => {
		const { error } = await rerun(linkTo());
		expect(error.message).toMatch(/: n8n's SSRF protection blocks it$/);
		expect(error.description).toContain('N8N_SSRF_ALLOWED_HOSTNAMES');
		expect(error.description).toContain('Use an address on the internet');
		expect(sent()).toEqual([]);
	});

	it('is told of none that is allowed', async () => {
		await rerun(web.serve('/a.png', redirect('/b.png')), web.serve('/b.png', file(PICTURE)));
		expect(sent().flatMap(({ files }) => files)).toMatchObject([
			{ content: PICTURE },
			{ content: PICTURE },
		]);
	});
});
