/** A page as a proxy in front of the API answers it, and not the API itself. */
export function htmlPage(status: number, title: string): string {
	return `<!DOCTYPE html>
<html lang="en-US">
<head><title>${title} | api.comfycontrol.app | Cloudflare</title></head>
<body>
<h1><span>Error</span> <span>${status}</span></h1>
<h2>${title}</h2>
<p>Cloudflare Ray ID: <strong>85e0a1b2c3d4example</strong></p>
</body>
</html>
`;
}

/** An error as S3-like storage answers it. */
export function storageError(code: string, message: string): string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>${code}</Code><Message>${message}</Message><RequestId>EXAMPLE0REQUEST</RequestId></Error>
`;
}
