package calendar

import (
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"
)

// onRequest keeps what was made for those who ask: what was asked for longest ago goes
// first. Who asks for what is being made waits for that alone. Only so many are made at a
// time, so that many who ask for different things can't take up the machine.
type onRequest[V any] struct {
	making chan struct{} // holds one for each that is being made
	kept   *lru.Cache[string, func() (V, error)]
}

// newOnRequest returns one that keeps at most kept, and makes making at a time.
func newOnRequest[V any](kept, making int) *onRequest[V] {
	cache, err := lru.New[string, func() (V, error)](kept)
	if err != nil {
		panic(err) // the size is a positive constant
	}
	return &onRequest[V]{make(chan struct{}, making), cache}
}

// get returns what is kept under key, and makes it where there is none. What can't be made
// is not kept.
func (o *onRequest[V]) get(key string, produce func() (V, error)) (V, error) {
	once := sync.OnceValues(func() (V, error) {
		o.making <- struct{}{}
		defer func() { <-o.making }()
		v, err := produce()
		if err != nil {
			o.kept.Remove(key)
		}
		return v, err
	})
	if have, ok := o.kept.Get(key); ok {
		return have()
	}
	if have, ok, _ := o.kept.PeekOrAdd(key, once); ok { // somebody else came first
		return have()
	}
	return once()
}
