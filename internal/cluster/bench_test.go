package cluster_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attache/internal/cluster"
	"attache/internal/event"
	"attache/internal/notice"
	"attache/internal/store"
)

// revised is what an edit records: a revision, what its file says, and what is to be said of it.
func revised(tx *store.Tx, id string, n, size int) error {
	at := time.Unix(1_700_000_000+int64(n), 0)
	var note strings.Builder
	for i := 0; note.Len() < size; i++ {
		fmt.Fprintf(&note, "%x ", uint32(n*7919+i)*2654435761)
	}
	e := event.Event{ID: id, Title: fmt.Sprint("revision ", n), Kind: event.Talks, Zone: "UTC", Note: note.String()}
	if err := tx.PutRevision(event.Revision{Event: e, Number: n, At: at, Author: event.Author{Via: "cli", Name: "someone"}}); err != nil {
		return err
	}
	if err := tx.PutBase(e); err != nil {
		return err
	}
	for i := range 4 {
		key := fmt.Sprintf("%s-%d", id, i)
		it := notice.Item{Key: key, Channel: "#dates", State: notice.Pending, Notice: notice.Notice{Key: key, Event: id, Kind: notice.Reminder, Due: at.Add(time.Duration(i) * time.Hour)}}
		if err := tx.PutItem(it); err != nil {
			return err
		}
	}
	return nil
}

// logs are what an edit and a start are measured with.
func logs(b *testing.B, run func(b *testing.B, log store.Log)) {
	b.Run("alone", func(b *testing.B) { run(b, nil) })
	b.Run("memory", func(b *testing.B) { run(b, cluster.NewMemory()) })
	b.Run("folder", func(b *testing.B) {
		l, err := cluster.NewFolder(b.TempDir(), "one", 0)
		must(b, err)
		run(b, l)
	})
	for _, n := range []int{1, 3} {
		b.Run(fmt.Sprintf("etcd %d", n), func(b *testing.B) { run(b, log(b, etcds(b, n), "one", 0)) })
	}
}

// open opens a database that adds to log, nil is none.
func open(b *testing.B, path string, log store.Log) (*store.DB, store.Term) {
	b.Helper()
	o := store.Options{Log: log}
	if log != nil {
		o.Term = lead(b, log)
	}
	db, err := store.Open(path, o)
	must(b, err)
	return db, o.Term
}

// BenchmarkEdit is one edit of a person, of about 20 kB.
func BenchmarkEdit(b *testing.B) {
	logs(b, func(b *testing.B, log store.Log) {
		db, _ := open(b, filepath.Join(b.TempDir(), "attache.db"), log)
		defer db.Close()
		for n := 1; b.Loop(); n++ {
			must(b, db.Update(func(tx *store.Tx) error { return revised(tx, "talks", n, 10_000) }))
		}
	})
}

// BenchmarkStart opens a database of 10,000 events: alone it is there, with a log it is made from a snapshot and
// 1,000 entries.
func BenchmarkStart(b *testing.B) {
	logs(b, func(b *testing.B, log store.Log) {
		path := filepath.Join(b.TempDir(), "attache.db")
		db, term := open(b, path, log)
		must(b, db.Update(func(tx *store.Tx) error {
			for i := range 10_000 {
				if err := revised(tx, fmt.Sprint("event-", i), 1, 400); err != nil {
					return err
				}
			}
			return nil
		}))
		var snapshot time.Duration
		if log != nil {
			began := time.Now()
			must(b, db.Keep(b.Context()))
			snapshot = time.Since(began)
		}
		for i := range 1000 {
			must(b, db.Update(func(tx *store.Tx) error { return revised(tx, fmt.Sprint("event-", i), 2, 400) }))
		}
		must(b, db.Close())
		if log != nil {
			must(b, term.Resign(b.Context()))
		}
		for n := 0; b.Loop(); n++ {
			at := path
			if log != nil {
				at = filepath.Join(b.TempDir(), fmt.Sprint(n), "attache.db")
			}
			db, term := open(b, at, log)
			b.StopTimer()
			must(b, db.Close())
			if log != nil {
				must(b, term.Resign(b.Context()))
			}
			b.StartTimer()
		}
		if log != nil {
			size, err := log.Size(b.Context())
			must(b, err)
			b.ReportMetric(float64(size)/1e6, "MB-log")
			b.ReportMetric(snapshot.Seconds(), "s-snapshot")
		}
	})
}
