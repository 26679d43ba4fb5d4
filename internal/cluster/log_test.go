package cluster_test

import (
	"context"
	"flag"
	"testing"
	"time"

	"attache/internal/cluster"
	"attache/internal/store"
	"attache/internal/store/storetest"
)

// TestMain lets more tests run side by side than there are processors: most wait for a lease.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "6"); err != nil {
		panic(err) // it is a flag of every test
	}
	m.Run()
}

func TestMemory_Contract(t *testing.T) {
	t.Parallel()
	storetest.Log(t, func(*testing.T) storetest.Machines {
		log := cluster.NewMemory()
		return storetest.Machines{Open: func(*testing.T) store.Log { return log }}
	})
}

func folder(t *testing.T, path, name string) *cluster.Folder {
	t.Helper()
	log, err := cluster.NewFolder(path, name, 5*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	return log
}

func TestFolder_Contract(t *testing.T) {
	t.Parallel()
	storetest.Log(t, func(t *testing.T) storetest.Machines {
		path, n := t.TempDir(), 0
		return storetest.Machines{
			Open:    func(t *testing.T) store.Log { n++; return folder(t, path, string(rune('a'+n))) },
			Promote: func(log store.Log) error { return log.(*cluster.Folder).Promote(context.Background()) },
		}
	})
}

func TestFolder_Engine(t *testing.T) {
	t.Parallel()
	storetest.Engine(t, folder(t, t.TempDir(), "one"))
}

// TestFolder_ByHandOnly: who starts again still leads, and nobody else does until a person says so.
func TestFolder_ByHandOnly(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	one, two := folder(t, path, "one"), folder(t, path, "two")
	first, err := one.Lead(t.Context())
	must(t, err)
	must(t, first.Resign(t.Context()))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := two.Lead(ctx); err == nil {
		t.Error("another one leads, and nobody said so")
	}
	again, err := one.Lead(t.Context())
	must(t, err)
	must(t, again.Append(t.Context(), 1, []byte("one")))
	must(t, two.Promote(t.Context()))
	<-again.Done()
	if name, err := one.Leader(t.Context()); name != "two" || err != nil {
		t.Errorf("Leader = %q, %v", name, err)
	}
	next, err := two.Lead(t.Context())
	must(t, err)
	must(t, next.Append(t.Context(), 2, []byte("two")))
	must(t, next.Resign(t.Context()))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
