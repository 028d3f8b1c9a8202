import { isFirstMajor, wantedVersion } from './n8nInstall';
import type { N8nServer } from './n8nServer';
import { setStage, type Stage } from './stage';
import { CREDENTIAL } from './workflows';

let stage: Stage;
let server: N8nServer;

beforeAll(async () => {
	stage = await setStage(() => [], { rateLimit: false });
	server = await stage.n8n.start();
});
afterEach(() => stage.sandbox.reset());
afterAll(async () => {
	await server?.stop();
	await stage?.clear();
});

describe('the credential', () => {
	const tested = async (data: object = {}) => {
		const { apiUrl, token } = stage.sandbox;
		return await server.owner.testCredential({
			...CREDENTIAL,
			type: 'comfyControlApi',
			data: { apiToken: token, baseUrl: apiUrl, ...data },
		});
	};

	// Up to 2.0 n8n has a sentence of its own for each status.
	const hasOwnWords = isFirstMajor() || wantedVersion().startsWith('2.0.');
	const said = (text: string) => (hasOwnWords ? expect.any(String) : expect.stringContaining(text));

	it('is good', async () => {
		expect(await tested()).toMatchObject({ status: 'OK' });
	});

	it.each([301, 302, 303, 307, 308])(
		'is not tested beyond a redirect (%d), and the token goes nowhere',
		async (status) => {
			const { sandbox } = stage;
			const headers = { location: `${sandbox.storageUrl}/v1/user` };
			sandbox.failNext({ on: {}, kind: 'http', status, headers, times: 5 });
			expect(await tested()).toEqual({
				status: 'Error',
				message: said('the token was not sent there'),
			});
			expect(sandbox.downloads).toEqual([]);
		},
	);

	it('is not good because some page answers', async () => {
		stage.sandbox.failNext({ on: {}, kind: 'html', status: 200 });
		expect(await tested()).toEqual({
			status: 'Error',
			message: expect.stringContaining('not as the ComfyControl API does'),
		});
	});

	it('says what to do about a token that is not known', async () => {
		expect(await tested({ apiToken: 'cfc_other_example' })).toEqual({
			status: 'Error',
			message: said('Account Settings > API Tokens'),
		});
	});
});
