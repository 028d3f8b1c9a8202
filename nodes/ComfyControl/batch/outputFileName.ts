import { fileNameIn, safeFileName } from '../basics/fileName';

/**
 * The name of an output file, from the path of its link, safe to use on any disk.
 *
 * @param position the file's place among the workflow's outputs, for a link without a name
 */
export function outputFileName(src: string, position: number): string {
	return fileNameIn(src) || `output-${position + 1}`;
}

/**
 * The name of an output file that the user has named: with the extension that it has, and with the numbers of
 * its run and of itself from the second one on.
 *
 * @param named what the user entered, or nothing to keep the file's own name
 */
export function namedFile(
	named: string,
	fileName: string,
	{ position, runNumber = 1 }: { position: number; runNumber?: number },
): string {
	const [extension = ''] = /\.[^.]+$/.exec(fileName) ?? [];
	const safe = safeFileName(named.trim());
	const base =
		extension !== '' && safe.endsWith(extension) ? safe.slice(0, -extension.length) : safe;
	if (base === '') return fileName;
	const run = runNumber === 1 ? '' : `_run${runNumber}`;
	const number = position === 0 ? '' : `_${position}`;
	return safeFileName(`${base}${run}${number}${extension}`);
}
