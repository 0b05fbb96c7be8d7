package reliability

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/google/uuid"

	"github.com/pursuit-crm/pursuit/money"
)

// place is where a text goes in a method's input.
type place struct {
	call *Call
	arg  int
	// path is "customer.CreateInput.Attributes{key}": * is what a pointer points to, [] an
	// element, {key} and {} a key and a value.
	path string
	typ  reflect.Type
}

func (p place) String() string { return p.call.Name + " " + p.path }

var amountType = reflect.TypeFor[money.Money]()

// places are all places for text in a method's input, found by reflection.
func (c *Call) places() []place {
	return c.placesOf(func(t reflect.Type) bool { return t.Kind() == reflect.String || t == amountType }) // an amount has a currency
}

// placesOf are the places for what is of some types.
func (c *Call) placesOf(is func(reflect.Type) bool) []place {
	var out []place
	for i, t := range c.In {
		eachPlace(t, t.String(), 0, is, func(path string, typ reflect.Type) { out = append(out, place{c, i, path, typ}) })
	}
	return out
}

func eachPlace(t reflect.Type, path string, depth int, is func(reflect.Type) bool, fn func(path string, typ reflect.Type)) {
	if depth > 10 {
		return
	}
	switch {
	case is(t):
		fn(path, t)
	case t.Kind() == reflect.Pointer:
		eachPlace(t.Elem(), path+"*", depth+1, is, fn)
	case t.Kind() == reflect.Slice:
		eachPlace(t.Elem(), path+"[]", depth+1, is, fn)
	case t.Kind() == reflect.Map:
		eachPlace(t.Key(), path+"{key}", depth+1, is, fn)
		eachPlace(t.Elem(), path+"{}", depth+1, is, fn)
	case t.Kind() == reflect.Struct:
		for _, f := range reflect.VisibleFields(t) {
			if f.IsExported() && len(f.Index) == 1 {
				eachPlace(f.Type, path+"."+f.Name, depth+1, is, fn)
			}
		}
	}
}

var steps = regexp.MustCompile(`\*|\[\]|\{key\}|\{\}|\.\w+`)

// plant puts a text in its place. What is missing on the way is made.
func (p place) plant(w *World, args []reflect.Value, s string) {
	p.set(w, args, func(v reflect.Value) {
		if v.Type() == amountType {
			v.Set(reflect.ValueOf(money.FromMinor(1_00, money.Currency(s))))
		} else {
			v.SetString(s)
		}
	})
}

// set sets what is in a place. What is missing on the way is made.
func (p place) set(w *World, args []reflect.Value, set func(reflect.Value)) {
	path := strings.TrimPrefix(p.path, p.call.In[p.arg].String())
	setAt(w, args[p.arg], steps.FindAllString(path, -1), set)
}

func setAt(w *World, v reflect.Value, path []string, set func(reflect.Value)) {
	if len(path) == 0 {
		set(v)
		return
	}
	switch step := path[0]; step {
	case "*":
		fresh := reflect.New(v.Type().Elem())
		if !v.IsNil() {
			fresh.Elem().Set(v.Elem())
		}
		v.Set(fresh)
		setAt(w, v.Elem(), path[1:], set)
	case "[]":
		list := reflect.MakeSlice(v.Type(), max(1, v.Len()), max(1, v.Len()))
		if reflect.Copy(list, v) == 0 {
			good(w, list.Index(0))
		}
		v.Set(list)
		setAt(w, list.Index(0), path[1:], set)
	case "{key}", "{}":
		m := reflect.MakeMap(v.Type())
		keys := v.MapKeys()
		sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		if key.Kind() == reflect.String {
			key.SetString("k")
		}
		if value.Kind() == reflect.String {
			value.SetString("v")
		}
		for i, k := range keys {
			if i == 0 {
				key.Set(k)
				value.Set(v.MapIndex(k))
				continue
			}
			m.SetMapIndex(k, v.MapIndex(k))
		}
		if step == "{key}" {
			setAt(w, key, path[1:], set)
		} else {
			setAt(w, value, path[1:], set)
		}
		m.SetMapIndex(key, value)
		v.Set(m)
	default:
		setAt(w, v.FieldByName(step[1:]), path[1:], set)
	}
}

// good makes a value what its type's form is.
func good(w *World, v reflect.Value) {
	if f := forms[v.Type()]; f != nil {
		v.Set(reflect.ValueOf(f(w)))
	}
}

// texts are all texts that a value holds, by pattern: "Lines[].Product", keys of
// maps as "Attributes{key}".
func texts(v reflect.Value, path string, out map[string][]string) {
	if v.IsValid() && v.Type() == amountType {
		out[path] = append(out[path], string(v.Interface().(money.Money).Currency()))
		return
	}
	switch v.Kind() {
	case reflect.String:
		out[path] = append(out[path], v.String())
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			texts(v.Elem(), path, out)
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		for i := range v.Len() {
			texts(v.Index(i), path+"[]", out)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			texts(k, path+"{key}", out)
			texts(v.MapIndex(k), path+"{}", out)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				texts(v.Field(i), path+"."+f.Name, out)
			}
		}
	}
}

// sort of place: what is expected of a text there.
const (
	// free: what is taken comes back as it was, trimmed and in NFC at most.
	free = iota
	// tag: a tag of a language, which may be brought to its usual case.
	tag
	// named: only what is known is taken, such as a stage, a currency, a kind.
	named
	// unkept: taken, and kept nowhere: it selects, or it is used only where
	// something else is so. why says it.
	unkept
)

// placeKind says what is expected in some places.
type placeKind struct {
	re   *regexp.Regexp
	kind int
	// sample is a good text there.
	sample string
	why    string
}

func kind(re string, kind int, sample, why string) placeKind {
	return placeKind{regexp.MustCompile(re), kind, sample, why}
}

// placeKinds: the first that fits holds; others are free, with a sample in words.
var placeKinds = []placeKind{
	kind(`^Engine\.As .*\.Tenant$`, named, "", "another tenant has no customer of that id"),
	kind(`^Engine\.As .*\.Roles`, unkept, "", "who has a role isn't stored"),
	kind(`^Engine\.As `, free, "u7", ""),
	kind(`^Engine\.Relay `, unkept, "", "a relay of another tenant has nothing to tell"),
	kind(`\.(Advance|Win|Lose|Close|Migrate)Input\.Override$`, unkept, "", "kept where a gate was overridden; none is unmet here"),
	kind(`(AdvanceInput\.To|ReopenInput\.Stage|(RecordInput|Opportunity)\.Stage|TickInput\.Item|Values\[\]\.Criterion|Next\[\]|SetSplitsInput\.\w+\{key\})$`, named, "", "names something that is there"),
	kind(`Migrat\w+\.Stages\{(key)?\}$|^Processes\.CheckMigration`, named, "", "names a stage"),
	kind(`^Archives\.Update archive\.UpdateInput\.(Code|Kind)$`, named, "", "can't be changed"),
	kind(`(PlanActivityInput|UpdateActivityInput)\.Assignee\*?$`, named, "", "names somebody who may see the opportunity"),
	kind(`^Team\.Remove |Merge\b.*\.Loser`, named, "", "names a member"),
	kind(`\.(Entry|Exit|WinGates|LoseGates)\[\]\.(Kind|Params\{key\})$`, named, "", "names a kind of gates, and what it takes"),
	kind(`(Source|Competitor|Category|Kind|Scorecard)Code$|Reasons\[\]\.Code$`, named, "", "names an archive entry"),
	kind(`Params\{\}$`, free, "k7", ""),
	kind(`Names\*?\{key\}$|Message\{key\}$`, tag, "de", ""),
	kind(`Attributes\*?\{key\}$`, free, "k7", ""),
	kind(`(Code|\.ID)\*?$`, free, "c7", ""),
	kind(`\.Email\*?$`, free, "a7@mail.example", ""),
	kind(`\.Phone\*?$`, free, "+49 30 7654321", ""),
	kind(`\.URL\*?$`, free, "https://site7.example", ""),
	kind(`\.Country\*?$`, free, "DE", ""),
	kind(`\.MediaType$`, free, "text/plain", ""),
	kind(`\.SHA256$`, free, strings.Repeat("0a", 32), ""),
	kind(`\.Location$`, free, "https://files.example/7", ""),
	kind(`\.NumberPrefix$`, free, "S7", ""),
	kind(`\.(User|Owner|Assignee|Department|External|Product|Unit|TaxID)\*?$|TransferInput\.To$`, free, "u7", ""),
}

// expected says what is expected of a place.
func (p place) expected() placeKind {
	if !p.call.Command && p.call.Name != "Engine.As" {
		return placeKind{kind: unkept, why: "a question"}
	}
	for _, k := range placeKinds {
		if k.re.MatchString(p.String()) {
			return k
		}
	}
	if p.typ.Kind() != reflect.String || p.typ != reflect.TypeFor[string]() {
		return placeKind{kind: named, why: fmt.Sprintf("one of the values of %s", p.typ)}
	}
	return placeKind{kind: free, sample: "Plain words 7"}
}

// callsNamed gives some of the catalogue's calls.
func callsNamed(names ...string) []*Call {
	var out []*Call
	for _, c := range Calls() {
		if slices.Contains(names, c.Name) {
			out = append(out, c)
		}
	}
	return out
}

// on is what must be there for a place that the method's own doesn't fit.
func (p place) on() func(context.Context, *World) (uuid.UUID, error) {
	for re, on := range placeOn {
		if strings.HasPrefix(p.String(), re) {
			return on
		}
	}
	return nil
}

var placeOn = map[string]func(context.Context, *World) (uuid.UUID, error){
	"Activities.Update opportunity.UpdateActivityInput.Result": begun(visit),
}
