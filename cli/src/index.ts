export { drive } from './drive/drive.ts';
