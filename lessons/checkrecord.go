package lessons

import (
	"fmt"
	"regexp"
	"strconv"

	"esmlab/engine"
	"esmlab/engine/query"
)

// recordNames are the records that an expression names.
var recordNames = regexp.MustCompile(`"([A-Za-z0-9]+)#([0-9]+)"`)

// orRecord says what would be right where an expression does not come true: often the
// number of a record is mistyped, in it or in a fault, and there is no such record.
func (c *checker) orRecord(p *Player, q *query.Query, right string) string {
	s := p.tl.Sim()
	if q != nil {
		for _, m := range recordNames.FindAllStringSubmatch(q.Text, -1) {
			if n, err := strconv.Atoi(m[2]); err == nil {
				if text := notPut(s, m[1], n); text != "" {
					return text
				}
			}
		}
	}
	cfg := s.Config()
	for i := range cfg.Functions {
		for _, fault := range cfg.Functions[i].Faults {
			for _, r := range fault.Records {
				if text := notPut(s, r.Source, int(r.N)); text != "" {
					return "the fault " + fault.Name + " of " + cfg.Functions[i].ID + " is about a record that is not there: " + text
				}
			}
		}
	}
	return right
}

// notPut says that a record was not put up to now; "" it was, or there is no such source.
func notPut(s *engine.Sim, source string, n int) string {
	put := 0
	switch si, qi := s.StreamIndex(source), s.QueueIndex(source); {
	case si >= 0:
		put = s.Streams[si].Records.Len()
	case qi >= 0:
		put = int(s.Queues[qi].Sent)
	default:
		return ""
	}
	if n <= put {
		return ""
	}
	return fmt.Sprintf("%s#%d was not put: up to second %s the newest is %s#%d", source, n, s.Now(), source, put)
}
