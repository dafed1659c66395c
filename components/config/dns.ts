/** Whether a DNS name lies in a zone, or is the zone's own. */
export function isInZone(name: string, zone: string): boolean {
    return name === zone || name.endsWith(`.${zone}`);
}
