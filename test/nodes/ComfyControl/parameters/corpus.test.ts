import { readDefinitionToSend } from '../../../../nodes/ComfyControl/parameters/definition';
import { readJsonBytes } from '../../../../nodes/ComfyControl/parameters/jsonText';
import { VALID, WRONG } from './corpus';

function read(bytes: Buffer) {
	const text = readJsonBytes(bytes);
	return 'problem' in text ? text : readDefinitionToSend(text.value);
}

describe('the files that people bring', () => {
	it.each(VALID)('are read as they are: $what', ({ bytes, sent }) => {
		expect(read(bytes)).toMatchObject({ value: { text: sent ?? bytes.toString() } });
	});

	it.each(WRONG)('are explained: $what', ({ bytes, message, advice }) => {
		expect(read(bytes)).toEqual({
			problem: {
				message: expect.stringContaining(message),
				description: expect.stringContaining(advice),
			},
		});
	});
});
