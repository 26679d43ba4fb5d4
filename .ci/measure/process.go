package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// daemon is a running `attache serve`.
type daemon struct {
	cmd              *exec.Cmd
	log              string
	ended            chan struct{}
	base             string
	firstFeed, ready time.Duration // since it was started
}

// start runs program on the configuration and the database in folder until it is ready.
func start(program, folder string) (*daemon, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	address := l.Addr().String()
	l.Close()
	out, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		return nil, err
	}
	defer out.Close()
	d := &daemon{base: "http://" + address, log: out.Name(), ended: make(chan struct{})}
	d.cmd = exec.Command(program, "serve", "--config", filepath.Join(folder, "attache.yaml"), "--data", filepath.Join(folder, "data"), "--listen", address)
	d.cmd.Stdout, d.cmd.Stderr = out, out
	begun := time.Now()
	if err := d.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = d.cmd.Wait() // how it ended stands in its log
		close(d.ended)
	}()
	if d.firstFeed, err = d.answers("/feeds/all.ics", begun); err == nil {
		d.ready, err = d.answers("/readyz", begun)
	}
	if err != nil {
		d.stop()
		return nil, err
	}
	return d, nil
}

// answers waits until a path is answered well, and returns how long after begun that was.
func (d *daemon) answers(path string, begun time.Time) (time.Duration, error) {
	for time.Since(begun) < 10*time.Minute {
		if status, _, err := head(d.base+path, nil); err == nil && status == http.StatusOK {
			return time.Since(begun), nil
		}
		select {
		case <-d.ended:
			text, _ := os.ReadFile(d.log) // what it said is what matters
			return 0, fmt.Errorf("it ended: %s", text[max(0, len(text)-2000):])
		case <-time.After(2 * time.Millisecond):
		}
	}
	return 0, fmt.Errorf("%s does not answer", path)
}

// head asks for the head of what stands at url.
func head(url string, ask http.Header) (int, http.Header, error) {
	r, err := http.NewRequest("HEAD", url, nil)
	if err != nil {
		return 0, nil, err
	}
	for k, v := range ask {
		r.Header[k] = v
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, err
	}
	res.Body.Close()
	return res.StatusCode, res.Header, nil
}

func (d *daemon) stop() {
	_ = d.cmd.Process.Signal(syscall.SIGTERM) // it may have ended by itself
	<-d.ended
}

// memory returns a line of the daemon's status, such as VmHWM, in megabytes.
func (d *daemon) memory(key string) float64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", d.cmd.Process.Pid)) // 0 where it is gone
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, key+":"); ok {
			kb, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
			return kb / 1024
		}
	}
	return 0
}

// cpu returns the time that the daemon has been on a processor, to the microsecond.
func (d *daemon) cpu() time.Duration {
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", d.cmd.Process.Pid))
	var sum time.Duration
	for _, f := range files {
		text, _ := os.ReadFile(f) // a thread that ended
		ns, _, _ := strings.Cut(string(text), " ")
		n, _ := strconv.ParseInt(ns, 10, 64)
		sum += time.Duration(n)
	}
	return sum
}

// settle waits until the daemon has been all but idle for two seconds, for a minute at most.
func (d *daemon) settle() {
	for range 30 {
		before := d.cpu()
		time.Sleep(2 * time.Second)
		if d.cpu()-before < 40*time.Millisecond {
			return
		}
	}
}

// edit changes the title of one event in the file of folder, and returns how long after that the
// feed had changed, and what CPU it took until the daemon was idle again.
func (d *daemon) edit(folder string, version int) (took, cpu time.Duration, err error) {
	path := filepath.Join(folder, "events", "all.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, err
	}
	changed := strings.Replace(string(text), fmt.Sprintf("version %d", version), fmt.Sprintf("version %d", version+1), 1)
	_, was, err := head(d.base+"/feeds/all.ics", nil)
	if err != nil {
		return 0, 0, err
	}
	spent := d.cpu()
	if err := os.WriteFile(path+".new", []byte(changed), 0o644); err != nil {
		return 0, 0, err
	}
	begun := time.Now()
	if err := os.Rename(path+".new", path); err != nil {
		return 0, 0, err
	}
	for time.Since(begun) < 2*time.Minute {
		_, now, err := head(d.base+"/feeds/all.ics", nil)
		if err == nil && now.Get("Etag") != was.Get("Etag") {
			took = time.Since(begun)
			d.settle()
			return took, d.cpu() - spent, nil
		}
		time.Sleep(5 * time.Millisecond)
	}
	return 0, 0, errors.New("the feed did not change after an edit")
}

// check runs `attache check` on folder and returns how long it took and its peak in megabytes. It
// must end with code and say want: a file that is refused unread costs nothing and proves nothing.
func check(program, folder string, code int, want string) (time.Duration, float64, error) {
	cmd := exec.Command(program, "check", "--config", filepath.Join(folder, "attache.yaml"))
	begun := time.Now()
	out, _ := cmd.CombinedOutput() // it ends with 1 where it finds something
	took := time.Since(begun)
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != code || !strings.Contains(string(out), want) {
		return 0, 0, fmt.Errorf("check did not end with %d and %q: %s", code, want, out[:min(len(out), 500)])
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return took, float64(usage.Maxrss) / 1024, nil
}
