/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- a server for developers, never part of the node */
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import type { Context } from './context';
import type { SandboxWorkflow } from './jobs';
import { outputsOf, sceneOf } from './outputs';
import { storageError } from './pages';
import { paintPicture } from './picture';
import { watch } from './watch';

/** The host of the signed output links: S3-like storage that knows nothing of API tokens. */
export function storageServer(context: Context): FastifyInstance {
	const app = fastify({ forceCloseConnections: true });
	watch(app, { ...context, host: 'storage', log: context.downloads, admit: () => true });

	app.addHook('preHandler', async (request, reply) => {
		if (request.headers.authorization === undefined) return;
		const message =
			'Only one auth mechanism allowed; only the signature query parameter or the Authorization header should be specified';
		await refuse(reply, 400, 'InvalidArgument', message);
	});

	app.get<{ Params: { workflow: string; file: string } }>(
		'/outputs/:workflow/:file',
		async (request, reply) => {
			const { path, query } = request.received;
			const link = context.links.check(path, query);
			if (link === 'forged') return refuse(reply, 403, 'SignatureDoesNotMatch', 'Wrong signature');
			if (link === 'expired') return refuse(reply, 403, 'AccessDenied', 'Request has expired');

			const file = await findFile(context, request.params.workflow, request.params.file);
			if (!file) return refuse(reply, 404, 'NoSuchKey', 'The specified key does not exist');
			const { type, content } = file;
			const isPacked = context.switches.storagePacks;
			const sent = isPacked ? gzipSync(content) : content;
			if (isPacked) reply.header('content-encoding', 'gzip');
			return reply.type(type).header('content-length', sent.length).send(sent);
		},
	);
	app.setNotFoundHandler(async (_request, reply) =>
		refuse(reply, 404, 'NoSuchKey', 'The specified key does not exist'),
	);
	return app;
}

const plainFile = Buffer.alloc(2000, 'plain');
// Two seconds of AV1. What it shows does not depend on the job.
const clip = readFileSync(join(__dirname, 'clip.mp4'));

async function findFile({ jobs, pictures }: Context, id: string, fileName: string) {
	const workflow = jobs.find(id);
	if (!workflow || !outputsOf(workflow).some((output) => output.fileName === fileName)) {
		return undefined;
	}
	if (fileName.endsWith('.mp4')) return { type: 'video/mp4', content: clip };
	return { type: 'image/png', content: await pictureOf(workflow, fileName, pictures) };
}

async function pictureOf(
	workflow: SandboxWorkflow,
	fileName: string,
	pictures: Context['pictures'],
): Promise<Buffer> {
	if (pictures === 'plain') return plainFile;
	return pictures === 'painted' ? await paintPicture(sceneOf(workflow, fileName)) : pictures;
}

function refuse(reply: FastifyReply, status: number, code: string, message: string) {
	return reply.code(status).type('application/xml').send(storageError(code, message));
}
