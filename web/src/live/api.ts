import type { JunctionDetail, JunctionSummary, ScenarioInfo } from '@songxanh/wire/live';
import type { FeatureCollection } from 'geojson';

const get = async <T>(path: string): Promise<T> => {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as T;
};

export const getScenario = (): Promise<ScenarioInfo> => get('/api/scenario');
export const getNetwork = (): Promise<FeatureCollection> => get('/api/network');
export const listJunctions = (): Promise<JunctionSummary[]> => get('/api/junctions');
export const getJunction = (id: string): Promise<JunctionDetail> => get(`/api/junctions/${encodeURIComponent(id)}`);
