package calendar

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
)

func TestOnRequest_OthersDoNotWait(t *testing.T) {
	o := newOnRequest[int](2, 2)
	begun, let, got := make(chan bool, 3), make(chan bool), make(chan int, 3)
	for range 3 { // it is made once for those who ask for the same
		go func() {
			v, _ := o.get("slow", func() (int, error) { begun <- true; <-let; return 7, nil }) // it does not fail
			got <- v
		}()
	}
	<-begun
	if v, err := o.get("quick", func() (int, error) { return 8, nil }); v != 8 || err != nil {
		t.Errorf("%d, %v", v, err)
	}
	close(let)
	for range 3 {
		if v := <-got; v != 7 {
			t.Errorf("one of those who ask has %d", v)
		}
	}
	if n := len(begun); n > 0 {
		t.Errorf("it is made %d times more", n)
	}
}

func TestOnRequest_Bounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOnRequest[int](2, 3)
		var done sync.WaitGroup
		let, making := make(chan struct{}), make(chan struct{}, 100)
		for i := range 20 {
			done.Go(func() {
				if v, err := o.get(fmt.Sprint(i), func() (int, error) { making <- struct{}{}; <-let; return i, nil }); v != i || err != nil {
					t.Errorf("%d is %d, %v", i, v, err)
				}
			})
		}
		synctest.Wait()
		if n := len(making); n != 3 {
			t.Errorf("%d are made at a time", n)
		}
		close(let)
		done.Wait()
		if n := o.kept.Len(); n != 2 {
			t.Errorf("%d are kept", n)
		}
	})
}

func TestOnRequest_FailureIsNotKept(t *testing.T) {
	o := newOnRequest[int](2, 1)
	if _, err := o.get("x", func() (int, error) { return 0, errors.New("the store is closed") }); err == nil {
		t.Error("nothing is wrong with what can't be made")
	}
	if v, err := o.get("x", func() (int, error) { return 1, nil }); v != 1 || err != nil {
		t.Errorf("it is not tried again: %d, %v", v, err)
	}
}
