package store_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// BenchmarkDataSync is what the disk takes to keep one page.
func BenchmarkDataSync(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "page"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	page := make([]byte, 4096)
	for i := int64(0); b.Loop(); i++ {
		if _, err := f.WriteAt(page, i%64*4096); err != nil {
			b.Fatal(err)
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			b.Fatal(err)
		}
	}
}
