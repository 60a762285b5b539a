package setting

func number(r *Resource, name string) int {
	p := Find(r.Of, r.In, name)
	if p == nil {
		return 0
	}
	v, _ := p.Get(r)
	if v.Bool {
		return 1
	}
	return int(v.Int)
}

func setNumber(r *Resource, name string, n int) {
	p := Find(r.Of, r.In, name)
	switch {
	case p == nil:
	case p.Kind == Switch:
		p.Set(r, BoolValue(n != 0))
	default:
		p.Set(r, IntValue(n))
	}
}

// Number reads a setting that is a number or a switch.
func (m *Mapping) Number(name string) int {
	return number(&Resource{Of: OfMapping, In: Any, Mapping: m}, name)
}

// SetNumber writes a setting that is a number or a switch.
func (m *Mapping) SetNumber(name string, n int) {
	setNumber(&Resource{Of: OfMapping, In: Any, Mapping: m}, name, n)
}

// Number reads a setting that is a number or a switch.
func (q *Queue) Number(name string) int {
	return number(&Resource{Of: OfQueue, In: FIFO, Queue: q}, name)
}

// SetNumber writes a setting that is a number or a switch.
func (q *Queue) SetNumber(name string, n int) {
	setNumber(&Resource{Of: OfQueue, In: FIFO, Queue: q}, name, n)
}
