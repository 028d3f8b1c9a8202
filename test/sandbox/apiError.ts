/** A refusal in the API's own shape, `{ "status": 404, "message": "…" }`. */
export class ApiError extends Error {
	constructor(
		readonly status: number,
		message: string,
	) {
		super(message);
		this.name = 'ApiError';
	}

	/** The body that the API answers with. */
	toJSON() {
		return { status: this.status, message: this.message };
	}
}

export const notFound = () => new ApiError(404, 'requested entity not found');

export const invalidFormat = (detail: string) =>
	new ApiError(400, `Invalid parameter format: ${detail}`);

export const validationFailed = (detail: string) =>
	new ApiError(400, `Workflow parameter validation failed: ${detail}`);
