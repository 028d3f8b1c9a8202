import { fileNameIn } from '../basics/fileName';

/**
 * The name of an output file, from the path of its link, safe to use on any disk.
 *
 * @param position the file's place among the workflow's outputs, for a link without a name
 */
export function outputFileName(src: string, position: number): string {
	return fileNameIn(src) || `output-${position + 1}`;
}
