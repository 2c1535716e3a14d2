package gotelemetry

// All runs one step of all workers, each in a goroutine of its own, and waits for them.
func All[Worker any](workers []Worker, step func(Worker)) {
	finished := make(chan struct{})
	for _, worker := range workers {
		go func() {
			step(worker)
			finished <- struct{}{}
		}()
	}
	for range workers {
		<-finished
	}
}
