package config

import (
	"errors"
	"path/filepath"
)

// DataFolder returns the folder of the database: the one asked for with a flag,
// that of the configuration, or the usual one of the service or of the user.
func DataFolder(flag, configured string, env func(string) string) (string, error) {
	switch {
	case flag != "":
		return flag, nil
	case configured != "":
		return configured, nil
	case env("STATE_DIRECTORY") != "":
		return env("STATE_DIRECTORY"), nil
	case env("XDG_STATE_HOME") != "":
		return filepath.Join(env("XDG_STATE_HOME"), "attache"), nil
	case env("HOME") != "":
		return filepath.Join(env("HOME"), ".local", "state", "attache"), nil
	}
	return "", errors.New("no folder for the database: set data in the configuration, or give --data")
}
