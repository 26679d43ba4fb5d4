package store

import "syscall"

// DiskFree returns how many bytes a user who is not root can still write where folder
// lies, 0 where that is not known.
func DiskFree(folder string) int64 {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0
	}
	return int64(s.Bavail) * s.Bsize
}
