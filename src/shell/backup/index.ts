export { type Backup, BackupFault, makeBackup, restoreBackup } from './backup.ts';
