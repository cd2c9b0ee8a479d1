/** A line of the stack after its move to CDK Terrain, the community's continuation of CDKTF. @see https://cdktn.io */
export function onTerrain(line: string): string {
  return line.replaceAll("'cdktf'", "'cdktn'").replaceAll("'@cdktf/provider-aws/", "'@cdktn/provider-aws/");
}
