// What the bench compares with: a node that uploads the obvious way, with the platform's own FormData and Blob.
// The bench copies it into a folder of custom nodes; under this name no n8n takes it for one of the project's nodes.
class NativeUpload {
	description = {
		displayName: 'Native Upload',
		name: 'nativeUpload',
		group: ['transform'],
		version: 1,
		description: 'Uploads a file with FormData and Blob',
		defaults: { name: 'Native Upload' },
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: 'comfyControlApi', required: true }],
		properties: [{ displayName: 'URL', name: 'url', type: 'string', default: '' }],
	};

	async execute() {
		const { httpRequestWithAuthentication } = this.helpers;
		const url = this.getNodeParameter('url', 0);
		const upload = async (item) => {
			const { mimeType, fileName } = this.helpers.assertBinaryData(item, 'data');
			const content = await this.helpers.getBinaryDataBuffer(item, 'data');
			const body = new FormData();
			body.append('$prompt', 'a lighthouse');
			body.append('#sampler', 'dpm_2');
			body.append('$input_image', new Blob([content], { type: mimeType }), fileName);
			const options = { method: 'POST', url, body };
			const json = await httpRequestWithAuthentication.call(this, 'comfyControlApi', options);
			return { json, pairedItem: { item } };
		};
		return [await Promise.all([...this.getInputData().keys()].map(upload))];
	}
}

module.exports = { NativeUpload };
