module heapscale

go 1.27
