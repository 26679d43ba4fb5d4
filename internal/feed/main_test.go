package feed

import (
	"testing"

	"attache/internal/lengthtest"
)

func TestMain(m *testing.M) { lengthtest.Main(m, 20) }
