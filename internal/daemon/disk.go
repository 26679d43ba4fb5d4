package daemon

import "golang.org/x/sys/unix"

// diskFree returns how many bytes a user who is not root can still write where folder
// lies, 0 where that is not known.
func diskFree(folder string) int64 {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return 0
	}
	return int64(s.Bavail) * int64(s.Bsize)
}
