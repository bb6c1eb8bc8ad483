using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Lianka.Tests.Unit.Rules;

/// <summary>One place of our code that names a type or a member of one.</summary>
/// <param name="From">Type and member in which it stands, for the message.</param>
/// <param name="FromNamespace">Of the outermost type: nested types have none of their own.</param>
/// <param name="To">The full name of the used type, with <c>::Member</c> where one is called.</param>
internal sealed record Use(string From, string FromNamespace, string To, string ToNamespace);

/// <summary>Reads from an assembly what each of our types uses.</summary>
/// <remarks>
/// Only types of our own namespaces, and instruction by instruction: coverage weaves a tracker into the assembly that
/// would otherwise be taken for ours. Known gap: a compile-time constant leaves no trace.
/// </remarks>
internal static class Uses
{
    private const string Ours = "Lianka.";

    // Razor compiles pages into this namespace; the class name is the path with underscores, so it begins with the module.
    private const string Pages = "AspNetCoreGeneratedDocument";

    public static List<Use> Of(string assemblyFile)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(assemblyFile);
        return [.. assembly.MainModule.Types.SelectMany(OfType).Where(u => !u.ToNamespace.StartsWith("Coverlet", StringComparison.Ordinal)).Distinct()];
    }

    private static IEnumerable<Use> OfType(TypeDefinition type)
    {
        if (type.Namespace.StartsWith(Ours, StringComparison.Ordinal)) return Within(type, type.Namespace);
        return type.Namespace == Pages ? Within(type, $"{Ours}Modules.{type.Name.Split('_')[0]}") : [];
    }

    private static IEnumerable<Use> Within(TypeDefinition type, string home)
    {
        IEnumerable<TypeReference?> shape =
        [
            type.BaseType,
            .. type.Interfaces.Select(i => i.InterfaceType),
            .. type.CustomAttributes.SelectMany(OfAttribute),
            .. type.GenericParameters.SelectMany(g => g.Constraints).Select(c => c.ConstraintType),
            .. type.Fields.Select(f => f.FieldType),
            .. type.Fields.SelectMany(f => f.CustomAttributes).SelectMany(OfAttribute),
            .. type.Properties.Select(p => p.PropertyType),
            .. type.Events.Select(e => e.EventType),
        ];
        foreach (var used in shape.SelectMany(Unwrap)) yield return To(type.FullName, home, used, null);
        foreach (var method in type.Methods)
            foreach (var (used, member) in InMethod(method))
                yield return To($"{type.FullName}.{method.Name}", home, used, member);
        foreach (var use in type.NestedTypes.SelectMany(n => Within(n, home))) yield return use;
    }

    private static IEnumerable<(TypeReference Used, string? Member)> InMethod(MethodDefinition method)
    {
        IEnumerable<TypeReference?> shape =
        [
            method.ReturnType,
            .. method.Parameters.Select(p => p.ParameterType),
            .. method.GenericParameters.SelectMany(g => g.Constraints).Select(c => c.ConstraintType),
            .. method.CustomAttributes.SelectMany(OfAttribute),
            .. method.HasBody ? method.Body.Variables.Select(v => v.VariableType) : [],
            .. method.HasBody ? method.Body.ExceptionHandlers.Select(h => h.CatchType) : [],
        ];
        foreach (var used in shape.SelectMany(Unwrap)) yield return (used, null);
        if (!method.HasBody) yield break;
        foreach (var instruction in method.Body.Instructions)
        {
            // Arithmetic on the stack names no type.
            if (instruction.OpCode.Code is Code.Ldc_R4 or Code.Ldc_R8 or Code.Conv_R4 or Code.Conv_R8 or Code.Conv_R_Un)
                yield return (method.Module.TypeSystem.Double, null);
            foreach (var use in InOperand(instruction)) yield return use;
        }
    }

    private static IEnumerable<(TypeReference Used, string? Member)> InOperand(Instruction instruction)
    {
        switch (instruction.Operand)
        {
            case TypeReference type:
                return Unwrap(type).Select(t => (t, (string?)null));
            case MethodReference method:
                return
                [
                    .. Unwrap(method.DeclaringType).Select((t, i) => (t, i == 0 ? method.Name : null)),
                    .. method is GenericInstanceMethod generic ? generic.GenericArguments.SelectMany(Unwrap).Select(t => (t, (string?)null)) : [],
                    .. Unwrap(method.ReturnType).Select(t => (t, (string?)null)),
                ];
            case FieldReference field:
                return Unwrap(field.DeclaringType).Concat(Unwrap(field.FieldType)).Select(t => (t, (string?)null));
            default:
                return [];
        }
    }

    private static IEnumerable<TypeReference?> OfAttribute(CustomAttribute attribute) =>
        [attribute.AttributeType, .. attribute.ConstructorArguments.Select(a => a.Value as TypeReference)];

    /// <summary>The named types inside arrays, references, pointers and generic arguments.</summary>
    private static IEnumerable<TypeReference> Unwrap(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => [.. Unwrap(generic.ElementType), .. generic.GenericArguments.SelectMany(Unwrap)],
        FunctionPointerType => [],
        TypeSpecification spec => Unwrap(spec.ElementType),
        _ => [type],
    };

    private static Use To(string from, string home, TypeReference used, string? member)
    {
        var outermost = used;
        while (outermost.DeclaringType is { } outer) outermost = outer;
        return new Use(from, home, member is null ? used.FullName : $"{used.FullName}::{member}", outermost.Namespace);
    }
}
