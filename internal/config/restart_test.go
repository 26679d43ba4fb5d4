package config

import (
	"reflect"
	"testing"
)

func TestRestart(t *testing.T) {
	started := load(t, "listen: 127.0.0.1:1\n").Starts()
	if want := map[string]string{"listen": "127.0.0.1:1", "data": "", "cluster": ""}; !reflect.DeepEqual(started, want) {
		t.Errorf("started with %v, want %v", started, want)
	}
	for settings, want := range map[string]string{
		"listen: 127.0.0.1:1\ntimezone: UTC\nsettle: 1m\n": "no errors",
		"settle: 1m\nlisten: 127.0.0.1:2\n":                "attache.yaml:2:9: listen was changed: attache goes by it once it is started again",
		"listen: 127.0.0.1:1\ndata: elsewhere\n":           "attache.yaml:2:7: data was changed: attache goes by it once it is started again",
		"listen: 127.0.0.1:1\ncluster: {folder: shared}\n": "attache.yaml:2:10: cluster was changed: attache goes by it once it is started again",
		"timezone: UTC\n": "attache.yaml: listen was changed: attache goes by it once it is started again",
	} {
		if got := load(t, settings).Restart(started).Error(); got != want {
			t.Errorf("%s%s\nwant\n%s", settings, got, want)
		}
	}
	if got := load(t, "data: elsewhere\n").Restart(map[string]string{}); len(got) > 0 { // the command line says both
		t.Error(got)
	}
}

func TestTruth(t *testing.T) {
	for text, want := range map[string]bool{
		"true": true, "True": true, "TRUE": true, `"true"`: true, "false": false, "False": false, "FALSE": false, "'False'": false,
	} {
		c := load(t, "feeds: [{name: a, private: "+text+"}]\n")
		if c.Feeds[0].Private != want {
			t.Errorf("%s is read as %t", text, c.Feeds[0].Private)
		}
	}
	for _, text := range []string{"yes", "no", "on", "off", "y", "1", "0", "tRUE"} {
		found := CheckFiles(nil, Document{"-", []byte("feeds: [{name: a, private: " + text + "}]\n")})
		if want := `-:1:28: private is true or false, not "` + text + `"`; len(found.Errors) != 1 || found.Errors[0].Error() != want {
			t.Errorf("%s: %v", text, found.Errors)
		}
	}
}
