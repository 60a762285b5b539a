package card

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"esmlab/engine/setting"
	"esmlab/quiz/markdown"
)

// This file holds what a question has to be before its options are read: it says what is asked,
// quotes no reading that nothing proves, and its situation is one that AWS lets come about.

// vague are questions that say nothing of what is asked: they cannot be answered before the
// options are read, and each option may speak of another thing.
var vague = regexp.MustCompile(`^(?i)(what (is|can be|was) (seen|observed|shown|noticed)\b.*|what (does|do|can|will) (an?|the|this|any) [a-z]+ (see|notice|observe)\b.*|what (best )?(explains|describes|fits) (this|that|it|these|the (difference|behaviou?r|situation|result|observation))( best)?|what (does|do) (this|that|it|the (error|message|exception|code)) mean|which (of (these|the following)|statements?|sentences?) (is|are|holds?|applies|apply)( true| right| correct)?)$`)

// leadIn wants the question to say what is asked: a setting, a cause, a number, a change.
func (f *former) leadIn() {
	title := strings.TrimSpace(Text(f.c.Title))
	if at := strings.LastIndex(strings.TrimRight(title, "?. "), ". "); at >= 0 {
		title = title[at+2:] // the last sentence asks
	}
	if asked := strings.TrimRight(title, "?.:… "); vague.MatchString(asked) {
		f.add(f.c.Line, CheckLeadIn, "“"+asked+"?” does not say what is asked", "a question that can be answered before the options are read: which cause, which change, how many")
	}
}

// metricName is a metric of CloudWatch.
var metricName = regexp.MustCompile(`^(NumberOf[A-Z]\w+|ApproximateNumberOf\w+|ApproximateAge\w+|IteratorAge|Errors|Throttles|Invocations|Duration|ConcurrentExecutions|DestinationDeliveryFailures|DeadLetterErrors|\w+EventCount|GetRecords\.\w+|\w+ProvisionedThroughputExceeded)$`)

// reading wants a number that a metric shows to be proved, where the key explains it by numbers: it
// is true only in a certain world, and nobody has looked at that.
func (f *former) reading() {
	if f.c.Proof != nil || f.key() < 0 || len(claimedNumbers(f.texts[f.key()])) == 0 {
		return
	}
	for _, b := range f.c.Situation {
		text, metric := "", ""
		for _, s := range b.Spans {
			if s.Style&markdown.Code != 0 {
				if metricName.MatchString(s.Text) && metric == "" {
					metric, text = s.Text, ""
				}
				continue
			}
			text += s.Text
			if before, _, ends := strings.Cut(clause.ReplaceAllString(text, "\n"), "\n"); metric != "" {
				if n := claimedNumbers(before); slices.ContainsFunc(n, func(v string) bool { return v != "0" }) {
					f.add(f.c.Line, CheckReading, metric+" shows "+n[0]+", which no run proves, and the key explains it by numbers", "a proof, or a reading without its number")
					return
				}
				if ends {
					metric = ""
				}
			}
		}
	}
}

// clause ends the part of a sentence that speaks of a metric.
var clause = regexp.MustCompile(`[.,;:] `)

// claimedNumbers are the numbers of a text.
func claimedNumbers(text string) []string {
	var out []string
	for _, c := range claims(text) {
		if _, err := strconv.ParseFloat(c, 64); err == nil {
			out = append(out, c)
		}
	}
	return out
}

var (
	succeeds  = regexp.MustCompile(`(?i)\b(succeeds?|succeeded|works?|worked|is updated|was updated|went through|goes through|is accepted|was accepted)\b`)
	changes   = regexp.MustCompile(`(?i)\b(changes?|changed|updates?|updated|sets?|edits?|edited|moves?|moved)\b`)
	refusals  = regexp.MustCompile(`(?i)\b(refus\w+|reject\w+|fails?|failed|failing|error|exception|accepts?|allowed?|allows?|rolls?|rolled|invalid|possible|cannot|replac\w+)\b`)
	refusing  = regexp.MustCompile(`(?i)\b(refus\w+|reject\w+|exception|invalid|accepts?|allows?)\b`)
	elsewhere = regexp.MustCompile(`(?i)\b(another (stream|queue|table|function)|removed|removes|deletes|deleted)\b`)
	toldOf    = regexp.MustCompile(`(?i)\bdestination\b`)
	given     = regexp.MustCompile(`\b([A-Z][A-Za-z]+(?:\.[a-zA-Z]+)?|maxReceiveCount) (?:is |of |= ?|: ?)?(-?\d[\d,]*)\b`)
)

// refused looks for a situation that AWS does not let come about: a setting beyond its range, a
// change of what cannot be changed that succeeds, a FIFO queue as an on-failure destination.
func (f *former) refused() {
	situation := markdown.BlocksText(f.c.Situation)
	told := situation + " " + Text(f.c.Title)
	if refusals.MatchString(Text(f.c.Title)) {
		return // it asks what is refused
	}
	for _, m := range given.FindAllStringSubmatch(told, -1) {
		n, err := strconv.Atoi(strings.ReplaceAll(m[2], ",", ""))
		if err != nil || refusing.MatchString(told) {
			continue
		}
		known, fits := false, false
		for i := range setting.All {
			p := &setting.All[i]
			if p.Kind == setting.Number && !p.Alias && p.Max > 0 && (strings.EqualFold(p.Name, m[1]) || strings.EqualFold(p.Property(), m[1])) {
				known = true
				fits = fits || n >= int(p.Min) && n <= int(p.Max)
			}
		}
		if known && !fits {
			f.add(f.c.Line, CheckRefused, m[1]+" "+m[2]+" is beyond its range: AWS refuses it", "a value that AWS accepts, or a question about the refusal")
			return
		}
	}
	for _, fixed := range setting.FixedProperties {
		if fixed.Of != setting.OfMapping || !strings.Contains(situation, fixed.Name) {
			continue
		}
		if changes.MatchString(situation) && succeeds.MatchString(situation) && !elsewhere.MatchString(situation) {
			f.add(f.c.Line, CheckRefused, fixed.Name+" of a mapping cannot be updated, and a replacement is refused while the old mapping is there: the change does not succeed", "a change that is rolled back, or a mapping that is removed first")
			return
		}
	}
	for _, b := range f.c.Situation {
		for i, s := range b.Spans {
			if s.Style&markdown.Code == 0 || !strings.HasSuffix(s.Text, ".fifo") {
				continue
			}
			before := ""
			for _, x := range b.Spans[:i] {
				before += x.Text
			}
			if at := clause.FindAllStringIndex(before, -1); len(at) > 0 {
				before = before[at[len(at)-1][1]:]
			}
			if toldOf.MatchString(before) && !refusals.MatchString(before) {
				f.add(f.c.Line, CheckRefused, "a FIFO queue ("+s.Text+") cannot be an on-failure destination: AWS refuses it", "a standard queue, or a question about the refusal")
				return
			}
		}
	}
}
